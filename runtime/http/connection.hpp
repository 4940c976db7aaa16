#pragma once

#include "runtime/http/listen_socket.hpp"
#include "runtime/http/route_table.hpp"
#include "runtime/http/server.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <set>

namespace boost::asio {
class io_context;
}

namespace weft::http {

class connection;

/// What the connections of a server share. The routes and options do not
/// change while connections live; the set is the server thread's own.
struct connection_context {
  server_options options;
  route_table routes;

  std::set<connection*> open;
  std::atomic<std::uint64_t> open_count{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> requests{0};
};

/// Nothing: a Unix socket, which takes everything.
using access_rules = std::optional<tcp_access>;

/// Serves the requests of an accepted socket, one after the other, until it is
/// closed by either side; over the limit of connections with a 503. On the
/// thread that runs `io`, which must be given by a shared pointer since replies
/// may outlive the server.
void serve_connection(const std::shared_ptr<boost::asio::io_context>& io,
                      const std::shared_ptr<connection_context>& context,
                      std::shared_ptr<const access_rules> access,
                      unique_fd socket);

/// Closes all that are open, on the thread that runs their `io_context`.
void close_connections(connection_context& context);

} // namespace weft::http
