#include "tests/unit/http/http_fixture.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace weft::http {

namespace {

response get(const std::string& path, const std::string& what) {
  auto answer = call({.unix_path = path}, {.path = what}, test_deadline);
  REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message));
  return *answer;
}

/// Waits, on the thread of the test, until `holds`; false after the deadline.
template <class Condition>
bool eventually(Condition holds) {
  const auto end = std::chrono::steady_clock::now() + test_deadline;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace

TEST_CASE("routes are served on a Unix socket and on TCP") {
  test_server test;
  const auto path = test.listen();
  const auto port = test.listen_tcp();
  for (const auto& where :
       {address{.unix_path = path}, address{.host = "127.0.0.1", .port = port},
        address{.host = "localhost", .port = port}}) {
    const auto hello = call(where, {.path = "/hello"}, test_deadline);
    REQUIRE_MESSAGE(hello, to_string(where));
    CHECK(hello->status == 200);
    CHECK(hello->content_type == "text/plain");
    CHECK(hello->body == "hi");
    const auto echo = call(
        where,
        {.path = "/echo/a b/\xc3\xbc", .query = {{"k&", "v=%"}, {"x", ""}}},
        test_deadline);
    CHECK(echo->body == "/echo/a b/\xc3\xbc;k&=v=%;x=");
    CHECK(call(where, {.path = "/none"}, test_deadline)->status == 404);
  }
}

TEST_CASE("commands are taken on the Unix socket, not on TCP") {
  test_server test;
  const auto path = test.listen();
  const request command{method::post, "/command", {}, "do it"};
  const auto done = call({.unix_path = path}, command, test_deadline);
  CHECK(done->body == "do it");
  const auto port = test.listen_tcp();
  const auto refused =
      call({.host = "127.0.0.1", .port = port}, command, test_deadline);
  REQUIRE(refused);
  CHECK(refused->status == 403);
  CHECK(failure_of(*refused).message
        == "commands are taken on the node's Unix socket only");
  const auto open_port = test.listen_tcp({.takes_commands = true});
  CHECK(call({.host = "127.0.0.1", .port = open_port}, command, test_deadline)
            ->body
        == "do it");
}

TEST_CASE("over TCP a web page's name for this machine is refused") {
  test_server test;
  const auto port = test.listen_tcp();
  const auto ask = [&](const std::string& host) {
    auto raw = raw_connection::to_port(port);
    raw.send("GET /hello HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
    return raw.read_all();
  };
  CHECK(ask("Host: localhost:8001\r\n").starts_with("HTTP/1.1 200 "));
  CHECK(ask("").starts_with("HTTP/1.1 200 "));
  CHECK(ask("Host: evil.example\r\n").starts_with("HTTP/1.1 403 "));
  CHECK(ask("Host: 127.0.0.1\r\nHost: evil.example\r\n")
            .starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a connection serves one request after the other") {
  test_server test;
  auto raw = raw_connection::to_unix(test.listen());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(raw.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"));
    const auto answer = raw.read_until("\r\n\r\nhi");
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(contains(answer, "Content-Length: 2\r\n"));
    CHECK(contains(answer, "\r\nDate: "));
    CHECK(contains(answer, " GMT\r\n"));
  }
  raw.send("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto last = raw.read_all();
  CHECK(contains(last, "Connection: close\r\n"));
  CHECK(last.ends_with("\r\n\r\nhi"));
  CHECK(test.server.statistics().connections_accepted == 1);
  CHECK(test.server.statistics().requests == 4);
}

TEST_CASE("requests in a pipeline are answered in order") {
  test_server test;
  auto raw = raw_connection::to_unix(test.listen());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += "GET /echo/" + std::to_string(i)
           + " HTTP/1.1\r\n\r\nPOST /command HTTP/1.1\r\nContent-Length: 3"
             "\r\n\r\nabc";
  all += "GET /hello HTTP/1.0\r\n\r\n";
  REQUIRE(raw.send(all));
  const auto answers = raw.read_all();
  CHECK(count_of(answers, "HTTP/1.1 200 OK") == 101);
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answers.find("\r\n\r\n/echo/" + std::to_string(i) + "HTTP/1.1", at);
    REQUIRE(at != std::string::npos);
  }
}

TEST_CASE("HEAD has the header of GET and no body") {
  test_server test;
  auto raw = raw_connection::to_unix(test.listen());
  raw.send("HEAD /hello HTTP/1.1\r\n\r\nHEAD /none HTTP/1.1\r\n\r\n"
           "GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto answers = raw.read_all();
  CHECK(count_of(answers, "HTTP/1.1 200 OK") == 2);
  CHECK(count_of(answers, "HTTP/1.1 404 Not Found") == 1);
  CHECK(count_of(answers, "Content-Length: 2\r\n") == 2);
  CHECK(count_of(answers, "hi") == 1);
  CHECK_FALSE(contains(answers, "\"error\""));
}

TEST_CASE("a known path with another verb is 405 and names the right ones") {
  test_server test;
  auto raw = raw_connection::to_unix(test.listen());
  raw.send("DELETE /hello HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto answer = raw.read_all();
  CHECK(answer.starts_with("HTTP/1.1 405 "));
  CHECK(contains(answer, "Allow: GET, HEAD\r\n"));
  CHECK(call({.unix_path = test.folder.file("s.sock")}, {.path = "/command"},
             test_deadline)
            ->status
        == 405);
}

TEST_CASE("bodies come whole, in chunks, and after 100 Continue") {
  test_server test;
  const auto path = test.listen();
  auto raw = raw_connection::to_unix(path);
  raw.send("POST /command HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
           "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
  CHECK(raw.read_until("abcde").ends_with("\r\n\r\nabcde"));
  raw.send("POST /command HTTP/1.1\r\nContent-Length: 2\r\n"
           "Expect: 100-continue\r\nConnection: close\r\n\r\n");
  CHECK(raw.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  raw.send("ok");
  CHECK(raw.read_all().ends_with("\r\n\r\nok"));
  const std::string large(1024 * 1024, 'x');
  const auto echoed =
      call({.unix_path = path}, {method::post, "/command", {}, large},
           test_deadline);
  REQUIRE(echoed);
  CHECK(echoed->body == large);
}

TEST_CASE("a reply may come later and from another thread") {
  test_server test;
  std::promise<reply> handed_out;
  test.server.route(method::get, "/later", [&](const request&, reply to) {
    handed_out.set_value(to);
  });
  const auto path = test.listen();
  auto answer =
      std::async(std::launch::async, [&] { return get(path, "/later"); });
  const auto to = handed_out.get_future().get();
  // Others are served meanwhile.
  CHECK(get(path, "/hello").body == "hi");
  to({200, "text/plain", "first"});
  to({200, "text/plain", "second"});
  CHECK(answer.get().body == "first");
}

TEST_CASE("a handler that does not answer in time gets 504, late is dropped") {
  test_server test{{.reply_timeout = 50ms}};
  reply kept;
  test.server.route(method::get, "/never",
                    [&](const request&, reply to) { kept = std::move(to); });
  auto raw = raw_connection::to_unix(test.listen());
  raw.send("GET /never HTTP/1.1\r\n\r\n");
  const auto answer = raw.read_until("50 ms\"}}");
  CHECK(answer.starts_with("HTTP/1.1 504 "));
  CHECK(contains(answer, "/never was not answered within 50 ms"));
  kept({200, "text/plain", "late"});
  raw.send("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK_FALSE(contains(raw.read_all(), "late"));
}

TEST_CASE("a handler that throws or forgets its reply is a 500 at once") {
  test_server test;
  test.server.route(method::get, "/throws", [](const request&, const reply&) {
    throw std::runtime_error{"no luck"};
  });
  test.server.route(method::get, "/number",
                    [](const request&, const reply&) { throw 7; });
  test.server.route(method::get, "/forgets",
                    [](const request&, const reply&) {});
  const auto path = test.listen();
  const auto thrown = get(path, "/throws");
  CHECK(thrown.status == 500);
  CHECK(failure_of(thrown).message == "the handler of /throws threw: no luck");
  CHECK(get(path, "/number").status == 500);
  const auto forgotten = get(path, "/forgets");
  CHECK(forgotten.status == 500);
  CHECK(failure_of(forgotten).message
        == "the request's handler gave no answer");
  CHECK(get(path, "/hello").status == 200);
}

TEST_CASE("stop closes connections, removes the file and ends listening") {
  test_server test;
  std::promise<void> reached;
  reply kept;
  test.server.route(method::get, "/never", [&](const request&, reply to) {
    kept = std::move(to);
    reached.set_value();
  });
  const auto path = test.listen();
  auto idle = raw_connection::to_unix(path);
  auto waiting = raw_connection::to_unix(path);
  waiting.send("GET /never HTTP/1.1\r\n\r\n");
  reached.get_future().get();
  test.server.stop();
  CHECK(idle.read_all().empty());
  CHECK(waiting.read_all().empty());
  CHECK_FALSE(std::filesystem::exists(path));
  kept({200, "text/plain", "nobody reads this"});
  CHECK(test.server.listen_unix(path).error().code == errc::cancelled);
  CHECK(test.server.listen_tcp("127.0.0.1", 0).error().code == errc::cancelled);
  CHECK_FALSE(std::filesystem::exists(path));
  test.server.stop();
}

TEST_CASE("a reply may outlive its server") {
  reply kept;
  {
    test_server test;
    std::promise<void> reached;
    test.server.route(method::get, "/never", [&](const request&, reply to) {
      kept = std::move(to);
      reached.set_value();
    });
    auto raw = raw_connection::to_unix(test.listen());
    raw.send("GET /never HTTP/1.1\r\n\r\n");
    reached.get_future().get();
  }
  kept({200, "text/plain", "nobody reads this"});
  kept = nullptr;
}

TEST_CASE("a second server on a living socket is refused, on a dead one not") {
  test_server first;
  const auto path = first.listen();
  server second;
  const auto refused = second.listen_unix(path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::already_exists);
  CHECK(get(path, "/hello").status == 200);
  first.server.stop();
  CHECK(second.listen_unix(path));
  CHECK(get(path, "/hello").status == 404);
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("over the limit a connection gets 503, and room is used again") {
  test_server test{{.connections_max = 2}};
  const auto path = test.listen();
  {
    auto one = raw_connection::to_unix(path);
    auto two = raw_connection::to_unix(path);
    REQUIRE(eventually(
        [&] { return test.server.statistics().connections_accepted == 2; }));
    auto three = raw_connection::to_unix(path);
    const auto answer = three.read_until("\"}}");
    CHECK(answer.starts_with("HTTP/1.1 503 "));
    CHECK(contains(answer, "Connection: close"));
    CHECK(contains(answer, "there are 2 connections already"));
    three.end_sending();
    CHECK(three.read_all().empty());
    CHECK(test.server.statistics().connections_refused == 1);
    one.send("GET /hello HTTP/1.1\r\n\r\n");
    CHECK(contains(one.read_until("hi"), "200 OK"));
  }
  REQUIRE(
      eventually([&] { return test.server.statistics().connections == 0; }));
  CHECK(get(path, "/hello").status == 200);
}

TEST_CASE("many clients at once are all served") {
  test_server test;
  const auto path = test.listen();
  std::atomic<int> served{0};
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 8; ++c)
      clients.emplace_back([&, c] {
        for (int i = 0; i < 50; ++i) {
          const auto text = std::to_string(c * 1000 + i);
          const auto answer = call({.unix_path = path},
                                   {.path = "/echo/" + text}, test_deadline);
          served += answer && answer->body == "/echo/" + text ? 1 : 0;
        }
      });
  }
  CHECK(served == 8 * 50);
}

} // namespace weft::http
