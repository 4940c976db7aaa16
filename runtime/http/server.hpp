#pragma once

#include "runtime/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weft::http {

struct server_options {
  /// Connections over this get 503 and are closed; of these at most 32 at a
  /// time, any more are closed without an answer.
  std::size_t connections_max = 256;
  /// Request line and headers; more is 431.
  std::size_t header_bytes_max = 16 * 1024;
  /// More is 413.
  std::size_t body_bytes_max = 1024 * 1024;
  /// How long a connection may be idle (then it is closed), and how long the
  /// header and then the body of a request may take to arrive (then 408).
  std::chrono::milliseconds idle_timeout{10'000};
  /// A handler that has not answered by then: 504. A client that has not taken
  /// the answer after the same time again is cut off.
  std::chrono::milliseconds reply_timeout{30'000};
};

/// What a TCP listener takes, since anybody on the machine, and every web page
/// in a browser on it, can reach one.
struct tcp_access {
  /// Whether POST is served. If not it is 403: commands belong on the Unix
  /// socket, whose file says who may connect.
  bool takes_commands = false;
  /// Names by which clients may call this server in the header Host, beside IP
  /// addresses and "localhost"; any other is 403, against DNS rebinding.
  std::vector<std::string> names{};
};

struct server_statistics {
  /// Open now.
  std::uint64_t connections = 0;
  /// Since the start.
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;
  std::uint64_t requests = 0;
};

/// An HTTP/1.1 server on one thread of its own, which the first listen starts,
/// for TCP and Unix sockets. Keeps connections alive, takes requests in a
/// pipeline one after the other, answers HEAD by the routes of GET.
///
/// Routes are added before the first listen; listening, stopping and replies
/// may come from any thread, but stopping (and so the destructor, which stops
/// it) not from a handler. A handler that throws, or lets go of its reply
/// without an answer, answers 500.
class server {
public:
  explicit server(server_options options = {});
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// `path` may end in "/*", which matches any rest: "/api/v1/nodes/*".
  /// Unknown paths get 404, known paths with another verb 405. Asserts that
  /// the route is new and that nothing listens yet.
  void route(method verb, std::string path, handler serve);

  /// Binds and listens; port 0 picks one. Returns the bound port. A name is
  /// looked up on the calling thread. Fails with `already_exists` (in use),
  /// `permission_denied`, `invalid_argument` (no address of this machine),
  /// `cancelled` (stopped) or `io`.
  result<std::uint16_t> listen_tcp(const std::string& host, std::uint16_t port,
                                   tcp_access access = {});

  /// Binds a Unix socket with mode 0600, which it has from its first moment.
  /// A stale socket file (nobody answers) is replaced; a living one, or a file
  /// of another kind, is `already_exists`. Paths over 107 bytes are
  /// `invalid_argument`, a missing folder is `not_found`; else as above.
  result<void> listen_unix(const std::string& path);

  server_statistics statistics() const;

  /// Closes all and joins the thread; removes the Unix socket's file. Requests
  /// that are not answered yet lose their connection. Idempotent.
  void stop();

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace weft::http
