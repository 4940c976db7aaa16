#pragma once

#include "runtime/http/client.hpp"
#include "runtime/http/listen_socket.hpp"
#include "runtime/http/server.hpp"
#include "runtime/http/socket_address.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <poll.h>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace weft::http {

using namespace std::chrono_literals;

/// Generous: reached only by a test that fails.
inline constexpr std::chrono::milliseconds test_deadline = 20s;

/// A folder that goes with the test.
struct temporary_folder {
  temporary_folder() {
    std::string pattern =
        std::filesystem::temp_directory_path() / "weft_http_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()));
    path = pattern;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string file(const std::string& name) const { return path / name; }

  std::filesystem::path path;
};

/// A client that sends any bytes and reads what comes, on blocking sockets.
class raw_connection {
public:
  explicit raw_connection(const socket_address& to)
      : fd_(::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = test_deadline / 1s, .tv_usec = 0};
    REQUIRE(fd_.get() >= 0);
    REQUIRE(setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit)
            == 0);
    REQUIRE(setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit)
            == 0);
    REQUIRE(::connect(fd_.get(), to.data(), to.length) == 0);
  }

  static raw_connection to_unix(const std::string& path) {
    return raw_connection{*unix_address(path)};
  }
  static raw_connection to_port(std::uint16_t port) {
    return raw_connection{*ip_address("127.0.0.1", port)};
  }

  /// False if the other side has gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent =
          ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Waits at most so long for bytes, or the end, to be there.
  bool is_readable(std::chrono::milliseconds wait) const {
    pollfd ready{fd_.get(), POLLIN, 0};
    return ::poll(&ready, 1, static_cast<int>(wait.count())) > 0;
  }

  void end_sending() { ::shutdown(fd_.get(), SHUT_WR); }

  /// All that comes until the other side closes. A test deadline that passes
  /// first adds "(still open)".
  std::string read_all() {
    std::string all;
    for (;;) {
      char bytes[4096];
      const auto got = ::recv(fd_.get(), bytes, sizeof bytes, 0);
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return all + "(still open)";
      if (got <= 0)
        return all;
      all.append(bytes, static_cast<std::size_t>(got));
    }
  }

  /// What comes until `text` is among it, or the other side closes.
  std::string read_until(std::string_view text) {
    std::string all;
    char byte = 0;
    while (all.find(text) == std::string::npos
           && ::recv(fd_.get(), &byte, 1, 0) == 1)
      all += byte;
    return all;
  }

private:
  unique_fd fd_;
};

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

/// A server with the routes that the tests use.
struct test_server {
  explicit test_server(server_options options = {}) : server(options) {
    server.route(method::get, "/hello", [](const request&, const reply& to) {
      to({200, "text/plain", "hi"});
    });
    server.route(method::get, "/echo/*",
                 [](const request& what, const reply& to) {
                   std::string body = what.path;
                   for (const auto& [name, value] : what.query)
                     body.append(";").append(name).append("=").append(value);
                   to({200, "text/plain", body});
                 });
    server.route(method::post, "/command",
                 [](const request& what, const reply& to) {
                   to({200, "text/plain", what.body});
                 });
  }

  /// Listens on a Unix socket in a folder of its own; returns its path.
  std::string listen() {
    const auto path = folder.file("s.sock");
    const auto listening = server.listen_unix(path);
    REQUIRE_MESSAGE(listening, (listening ? "" : listening.error().message));
    return path;
  }

  std::uint16_t listen_tcp(tcp_access access = {}) {
    const auto port = server.listen_tcp("127.0.0.1", 0, std::move(access));
    REQUIRE_MESSAGE(port, (port ? "" : port.error().message));
    return *port;
  }

  temporary_folder folder;
  http::server server;
};

} // namespace weft::http
