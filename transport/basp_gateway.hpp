#pragma once

#include "runtime/base/result.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/io/scribe.hpp>
#include <caf/node_id.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace caf {
class actor_system;
}

namespace weft::transport {

class in_flight;

/// The door to CAF's broker, which speaks BASP, CAF's actor-to-actor protocol:
/// what it is asked and told here, nothing else asks or tells it. Callbacks
/// run in a thread of CAF, once each, and must not block. Thread-safe.
class basp_gateway {
public:
  /// Who answered at the other end of a dialed connection.
  struct answer {
    caf::node_id node;
    /// What the peer listens with; null when it offers nothing.
    caf::strong_actor_ptr entry;
  };

  explicit basp_gateway(caf::actor_system& system);

  /// Hands over a connection that we accepted on `port`; the peer is told of
  /// `entry`.
  void accept(caf::io::scribe_ptr scribe, std::uint16_t port,
              caf::strong_actor_ptr entry);

  /// Hands over a connection that we dialed and waits for the peer's answer.
  /// Fails with `timed_out`; with `unavailable` when the connection ends
  /// first, and with `cancelled` when CAF's broker dropped it as silent
  /// before its first byte could arrive, which a second attempt mends.
  void dial(caf::io::scribe_ptr scribe, std::uint16_t port,
            std::chrono::nanoseconds timeout,
            std::function<void(result<answer>)> done);

  /// What the scribe of the direct connection to `node` gives as its address.
  /// Fails with `not_found` when there is no direct connection.
  void address_of(const caf::node_id& node, std::chrono::nanoseconds timeout,
                  std::function<void(result<std::string>)> done);

  /// Waits until every callback has run; false when some has not in time.
  bool wait_until_idle(std::chrono::nanoseconds timeout);

private:
  caf::actor_system& system_;
  caf::actor broker_;
  std::shared_ptr<in_flight> in_flight_;
};

} // namespace weft::transport
