#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace weft::transport {

using tcp_endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// The addresses of a host, in the order to try them. Blocks for as long as
/// the system's resolver does; at once for an address. Fails with
/// `not_found`.
result<tcp_endpoints> resolve_now(const config::endpoint& where);

/// The same without blocking: `done` runs in `io`. A look-up cannot be broken
/// off, so it has a thread of its own that may outlive its asker (and holds
/// `io` until then); at most 16 at a time in the process, else `exhausted`.
void resolve(const std::shared_ptr<boost::asio::io_context>& io,
             const config::endpoint& where,
             std::function<void(result<tcp_endpoints>)> done);

} // namespace weft::transport
