#include "tests/unit/http/http_fixture.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <poll.h>
#include <thread>
#include <tuple>
#include <vector>

namespace weft::http {

namespace {

/// A server of one connection: reads until the request's header has ended and
/// answers with given bytes.
class scripted_server {
public:
  scripted_server(const std::string& path, std::string answer)
      : socket_(*unix_listen_socket::listen(path)),
        listening_(socket_.take_fd()),
        thread_([this, answer = std::move(answer)] { serve(answer); }) {}

  std::string received() {
    thread_.join();
    return received_;
  }

private:
  void serve(const std::string& answer) {
    pollfd ready{listening_.get(), POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(test_deadline.count()));
    const unique_fd fd{::accept(listening_.get(), nullptr, nullptr)};
    char byte = 0;
    while (received_.find("\r\n\r\n") == std::string::npos
           && ::recv(fd.get(), &byte, 1, 0) == 1)
      received_ += byte;
    ::send(fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  }

  unix_listen_socket socket_;
  unique_fd listening_;
  std::string received_;
  std::jthread thread_;
};

result<response> call_scripted(const std::string& answer) {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  scripted_server server{path, answer};
  return call({.unix_path = path}, {.path = "/x"}, test_deadline);
}

} // namespace

TEST_CASE("a call to nobody is unavailable and names the address") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  const auto none = call({.unix_path = path}, {.path = "/x"}, test_deadline);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::unavailable);
  CHECK(contains(none.error().message, path));
  std::uint16_t port = 0;
  {
    const auto closed = listen_on_tcp("127.0.0.1", 0);
    port = closed->port;
  }
  const auto refused =
      call({.host = "127.0.0.1", .port = port}, {.path = "/x"}, test_deadline);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unavailable);
  CHECK(contains(refused.error().message, "refused"));
}

TEST_CASE("a call that is not answered ends at its deadline") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  // Connections wait in the backlog; nobody accepts them.
  const auto deaf = unix_listen_socket::listen(path);
  REQUIRE(deaf);
  const auto start = std::chrono::steady_clock::now();
  const auto late = call({.unix_path = path}, {.path = "/x"}, 30ms);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::timed_out);
  CHECK(contains(late.error().message, "GET /x within 30 ms"));
  CHECK(std::chrono::steady_clock::now() - start >= 30ms);
}

TEST_CASE("calls that cannot be meant are refused before anything is sent") {
  const address good{.host = "127.0.0.1", .port = 1};
  const std::vector<std::tuple<address, request, std::chrono::milliseconds>>
      bad{{{}, {.path = "/"}, 1s},
          {{.unix_path = "/a", .host = "b", .port = 1}, {.path = "/"}, 1s},
          {{.host = "b"}, {.path = "/"}, 1s},
          {good, {.path = ""}, 1s},
          {good, {.path = "x"}, 1s},
          {good, {.path = "/"}, 0ms},
          {good, {.path = "/"}, -1ms},
          {{.unix_path = std::string(108, 'x')}, {.path = "/"}, 1s}};
  for (const auto& [where, what, timeout] : bad) {
    const auto refused = call(where, what, timeout);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
  }
}

TEST_CASE("a name without an address is unavailable") {
  // No label has 64 characters, so no name server is asked for it.
  const auto none = call({.host = std::string(64, 'x'), .port = 80},
                         {.path = "/"}, test_deadline);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::unavailable);
}

TEST_CASE("a call sends one well-formed request") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  scripted_server server{path, "HTTP/1.1 204 No Content\r\n\r\n"};
  const auto answer =
      call({.unix_path = path},
           {method::post, "/a b\r\nX: y", {{"k", "v\r\n"}}, ""}, test_deadline);
  REQUIRE(answer);
  CHECK(answer->status == 204);
  const auto received = server.received();
  CHECK(received.starts_with("POST /a%20b%0D%0AX:%20y?k=v%0D%0A HTTP/1.1\r\n"));
  CHECK(contains(received, "\r\nHost: localhost\r\n"));
  CHECK(contains(received, "\r\nConnection: close\r\n"));
  CHECK(contains(received, "\r\nContent-Length: 0\r\n"));
}

TEST_CASE("answers that are cut, or no HTTP, are unavailable") {
  for (const auto* bytes :
       {"", "\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc\r\n\r\n"}) {
    const auto answer = call_scripted(bytes);
    REQUIRE_MESSAGE(!answer, bytes);
    CHECK(answer.error().code == errc::unavailable);
  }
}

TEST_CASE("an answer that announces too much is refused before it comes") {
  const auto answer =
      call_scripted("HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\nabc");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == errc::exhausted);
}

TEST_CASE("an answer without a length ends with its connection") {
  const auto answer =
      call_scripted("HTTP/1.0 503 Busy\r\nContent-Type: text/html\r\n\r\nno");
  REQUIRE(answer);
  CHECK(answer->status == 503);
  CHECK(answer->content_type == "text/html");
  CHECK(answer->body == "no");
}

TEST_CASE("asynchronous calls run side by side") {
  test_server test;
  const auto path = test.listen();
  async_client client;
  std::vector<std::promise<result<response>>> answers(async_client::calls_max);
  for (std::size_t i = 0; i < answers.size(); ++i)
    client.call({.unix_path = path}, {.path = "/echo/" + std::to_string(i)},
                test_deadline, [&answers, i](result<response> answer) {
                  answers[i].set_value(std::move(answer));
                });
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto answer = answers[i].get_future().get();
    REQUIRE(answer);
    CHECK(answer->body == "/echo/" + std::to_string(i));
  }
}

TEST_CASE("a call too many is refused at once, and room is used again") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  const auto deaf = unix_listen_socket::listen(path);
  REQUIRE(deaf);
  std::atomic<int> cancelled{0};
  std::promise<errc> first_end;
  {
    async_client client;
    client.call({.unix_path = path}, {.path = "/x"}, 100ms,
                [&](result<response> answer) {
                  first_end.set_value(answer.error().code);
                });
    for (std::size_t i = 1; i < async_client::calls_max; ++i)
      client.call({.unix_path = path}, {.path = "/x"}, test_deadline,
                  [&](result<response> answer) {
                    cancelled += answer.error().code == errc::cancelled;
                  });
    errc refused = errc::none;
    client.call(
        {.unix_path = path}, {.path = "/x"}, test_deadline,
        [&](result<response> answer) { refused = answer.error().code; });
    CHECK(refused == errc::exhausted);
    CHECK(first_end.get_future().get() == errc::timed_out);
    errc now = errc::none;
    client.call({.unix_path = path}, {.path = "/x"}, test_deadline,
                [&](result<response> answer) { now = answer.error().code; });
    // It is under way, or it would have been refused before this line.
    CHECK(now != errc::exhausted);
  }
  CHECK(cancelled == async_client::calls_max - 1);
}

TEST_CASE("a callback may start the next call") {
  test_server test;
  const auto path = test.listen();
  async_client client;
  std::promise<int> chain;
  std::function<void(int)> next = [&](int step) {
    client.call({.unix_path = path}, {.path = "/hello"}, test_deadline,
                [&, step](const result<response>& answer) {
                  if (answer && step < 5)
                    next(step + 1);
                  else
                    chain.set_value(step);
                });
  };
  next(1);
  CHECK(chain.get_future().get() == 5);
}

TEST_CASE("wrong arguments of an asynchronous call reach its callback") {
  async_client client;
  std::promise<errc> end;
  client.call({}, {.path = "/"}, 1s, [&](const result<response>& answer) {
    end.set_value(answer.error().code);
  });
  CHECK(end.get_future().get() == errc::invalid_argument);
}

} // namespace weft::http
