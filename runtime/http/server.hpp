#pragma once

#include "runtime/http/message.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace weft::http {

struct server_options {
  std::size_t connections_max = 256;
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 1024 * 1024;
  /// Idle or half-sent connections are closed after this.
  std::chrono::milliseconds idle_timeout{10'000};
  /// A handler that has not answered by then: 504.
  std::chrono::milliseconds reply_timeout{30'000};
};

/// An HTTP/1.1 server on one thread of its own, for TCP and Unix sockets.
/// Routes are added before the first listen; listening, stopping and replies
/// may come from any thread. The destructor stops it.
class server {
public:
  explicit server(server_options options = {});
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// `path` may end in "/*", which matches any rest: "/api/v1/nodes/*".
  /// Unknown paths get 404, known paths with another verb 405.
  void route(method verb, std::string path, handler serve);

  /// Binds and listens; port 0 picks one. Returns the bound port.
  result<std::uint16_t> listen_tcp(const std::string& host,
                                   std::uint16_t port);

  /// Binds a Unix socket with mode 0600. A stale socket file (nobody answers)
  /// is replaced; a living one is `already_exists`. Paths over 107 bytes are
  /// `invalid_argument`.
  result<void> listen_unix(const std::string& path);

  /// Closes all and joins the thread; removes the Unix socket's file.
  void stop();

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace weft::http
