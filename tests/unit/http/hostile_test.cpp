#include "tests/unit/http/http_fixture.hpp"

#include <random>
#include <thread>

namespace weft::http {

namespace {

/// True if the server still serves.
bool is_alive(const std::string& path) {
  const auto answer =
      call({.unix_path = path}, {.path = "/hello"}, test_deadline);
  return answer && answer->body == "hi";
}

std::string answer_to(const std::string& path, std::string_view bytes) {
  auto raw = raw_connection::to_unix(path);
  raw.send(bytes);
  return raw.read_all();
}

} // namespace

TEST_CASE("what is no HTTP gets 400 and a closed connection") {
  test_server test;
  const auto path = test.listen();
  for (const auto bytes : std::initializer_list<std::string_view>{
           std::string_view{"\0\0\0\0\0\0\0\0\r\n\r\n", 12}, "GET\r\n\r\n",
           "GET /hello\r\n\r\n", "GET /hello HTTP/9.9\r\n\r\n",
           "GET /hello HTTP/1.1\r\nno colon\r\n\r\n",
           "GET /hello HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
           "GET /hello HTTP/1.1\r\nContent-Length: "
           "99999999999999999999\r\n\r\n",
           "POST /command HTTP/1.1\r\nContent-Length: 1\r\n"
           "Content-Length: 2\r\n\r\nab",
           "POST /command HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           "\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
           "GET /a\x01 HTTP/1.1\r\n\r\n",
           "GET /hello HTTP/1.1\r\nA\x01: b\r\n\r\n",
           "GET /% HTTP/1.1\r\nConnection: close\r\n\r\n",
           "GET /../../etc/passwd HTTP/1.1\r\nConnection: close\r\n\r\n",
           "GET /echo/%2e%2e/%00 HTTP/1.1\r\nConnection: close\r\n\r\n",
           "GET * HTTP/1.1\r\nConnection: close\r\n\r\n"}) {
    const auto answer = answer_to(path, bytes);
    CHECK_MESSAGE(answer.starts_with("HTTP/1.1 400 "), bytes << " " << answer);
    CHECK_MESSAGE(!answer.ends_with("(still open)"), bytes);
  }
  CHECK(is_alive(path));
}

TEST_CASE("both a length and chunks in one request are never read as two") {
  test_server test;
  const auto path = test.listen();
  const auto answer = answer_to(
      path, "POST /command HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: "
            "chunked\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nConnection: "
            "close\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 400 "));
  CHECK(count_of(answer, "Server: ") == 1);
}

TEST_CASE("a header over its limit is 431, a body over its limit 413") {
  test_server test{{.header_bytes_max = 1024, .body_bytes_max = 1000}};
  const auto path = test.listen();
  const std::string kilobyte(1024, 'x');
  CHECK(answer_to(path, "GET /" + kilobyte + " HTTP/1.1\r\n\r\n")
            .starts_with("HTTP/1.1 431 "));
  CHECK(answer_to(path, "GET / HTTP/1.1\r\nX: " + kilobyte + "\r\n\r\n")
            .starts_with("HTTP/1.1 431 "));
  // Without an end, and far over every buffer.
  std::string endless = "GET /";
  while (endless.size() < 1'000'000)
    endless += kilobyte;
  CHECK(answer_to(path, endless).starts_with("HTTP/1.1 431 "));
  const auto post = [&](const std::string& rest) {
    return answer_to(path,
                     "POST /command HTTP/1.1\r\nConnection: close\r\n" + rest);
  };
  CHECK(post("Content-Length: 1000\r\n\r\n" + kilobyte.substr(0, 1000))
            .starts_with("HTTP/1.1 200 "));
  CHECK(post("Content-Length: 1001\r\n\r\n" + kilobyte.substr(0, 1001))
            .starts_with("HTTP/1.1 413 "));
  CHECK(post("Content-Length: 18446744073709551615\r\n\r\n")
            .starts_with("HTTP/1.1 413 "));
  CHECK(post("Transfer-Encoding: chunked\r\n\r\n400\r\n" + kilobyte
             + "\r\n400\r\n" + kilobyte + "\r\n0\r\n\r\n")
            .starts_with("HTTP/1.1 413 "));
  CHECK(is_alive(path));
}

TEST_CASE("who sends slowly is answered 408, who sends nothing is cut off") {
  test_server test{{.idle_timeout = 50ms}};
  const auto path = test.listen();
  CHECK(answer_to(path, "GET /hello HTTP/1.1\r\nHo")
            .starts_with("HTTP/1.1 408 "));
  CHECK(answer_to(path, "POST /command HTTP/1.1\r\nContent-Length: 9\r\n\r\nab")
            .starts_with("HTTP/1.1 408 "));
  CHECK(answer_to(path, "").empty());
  // A byte now and then does not help: the time is that of the whole header.
  auto raw = raw_connection::to_unix(path);
  raw.send("GET /hello HTTP/1.1\r\n");
  int sent = 0;
  while (!raw.is_readable(5ms) && sent < 4'000 && raw.send("X"))
    ++sent;
  CHECK(raw.read_until("\r\n").starts_with("HTTP/1.1 408 "));
  CHECK(sent > 1);
}

TEST_CASE("a client that closes its half early still gets its answer") {
  test_server test;
  const auto path = test.listen();
  auto raw = raw_connection::to_unix(path);
  raw.send("GET /hello HTTP/1.1\r\n\r\n");
  raw.end_sending();
  CHECK(raw.read_all().ends_with("\r\n\r\nhi"));
  auto cut = raw_connection::to_unix(path);
  cut.send("GET /hel");
  cut.end_sending();
  CHECK(cut.read_all().empty());
}

TEST_CASE("a client that never reads its answer is cut off") {
  test_server test{{.reply_timeout = 100ms}};
  test.server.route(method::get, "/large", [](const request&, const reply& to) {
    to({200, "text/plain", std::string(32 * 1024 * 1024, 'x')});
  });
  const auto path = test.listen();
  auto raw = raw_connection::to_unix(path);
  raw.send("GET /large HTTP/1.1\r\n\r\n");
  const auto end = std::chrono::steady_clock::now() + test_deadline;
  while ((test.server.statistics().requests == 0
          || test.server.statistics().connections > 0)
         && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  CHECK(test.server.statistics().connections == 0);
  CHECK(is_alive(path));
}

TEST_CASE("random bytes, and requests with random faults, do no harm") {
  const auto seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937 random{seed};
  test_server test{{.idle_timeout = 500ms}};
  const auto path = test.listen();
  const std::string good =
      "POST /command?a=b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
      "X-Field: value\r\n\r\nhelloGET /echo/%41 HTTP/1.1\r\n\r\n";
  for (int i = 0; i < 300; ++i) {
    auto bytes = good;
    if (random() % 4 == 0)
      for (auto& byte : bytes)
        byte = static_cast<char>(random() % 256);
    for (auto faults = random() % 6; faults > 0; --faults)
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    bytes.resize(random() % (bytes.size() + 1));
    auto raw = raw_connection::to_unix(path);
    raw.send(bytes);
    raw.end_sending();
    const auto answer = raw.read_all();
    REQUIRE((answer.empty() || answer.starts_with("HTTP/1.1 ")));
    REQUIRE_FALSE(answer.ends_with("(still open)"));
  }
  CHECK(is_alive(path));
}

} // namespace weft::http
