#pragma once

#include "transport/basp_gateway.hpp"
#include "transport/carrier.hpp"
#include "transport/core/refusal_log.hpp"
#include "transport/open_connections.hpp"
#include "transport/openssl_handle.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace weft::transport {

class dial;

/// What the parts of one carrier share. Its thread alone touches it, apart
/// from what is thread-safe by itself.
struct carrier_context {
  carrier_context(caf::actor_system& from, carrier_options given,
                  ssl_context_ptr tls, log_callback to)
      : system{from}, options{std::move(given)},
        peers{options.peers.begin(), options.peers.end()}, ssl{std::move(tls)},
        gateway{from}, log{std::move(to)}, refusals{options.log} {}

  caf::actor_system& system;
  const carrier_options options;
  const std::set<std::string> peers;
  /// Null: plain connections.
  const ssl_context_ptr ssl;
  /// Held by threads that resolve host names too, which may outlive us.
  std::shared_ptr<boost::asio::io_context> io =
      std::make_shared<boost::asio::io_context>(1);
  basp_gateway gateway;
  std::shared_ptr<open_connections> connections =
      std::make_shared<open_connections>();
  log_callback log;
  /// Refused connections and the timer for what was not logged singly.
  refusal_log refusals;
  boost::asio::steady_timer refusals_due{*io};
  /// Our dials to a name that are between greeting and CAF's answer.
  std::map<std::string, std::set<dial*>> committed;
};

} // namespace weft::transport
