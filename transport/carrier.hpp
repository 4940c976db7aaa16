#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"
#include "transport/core/admission.hpp"
#include "transport/core/refusal_log.hpp"
#include "transport/identity_files.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/node_id.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caf {
class actor_system;
}

namespace weft::transport {

struct carrier_options {
  /// Mutual TLS with these files. Absent: plain connections, which are
  /// refused off loopback.
  std::optional<identity_files> tls;
  std::string cluster;
  /// Our own name.
  std::string node;
  /// Names of the nodes that may connect; our own never may.
  std::vector<std::string> peers;
  /// From accepting a connection to its hand-over to CAF.
  std::chrono::nanoseconds handshake_timeout = std::chrono::seconds{5};
  admission_limits admission;
  /// Connections that may be dialed at the same time.
  std::size_t dialing_max = 256;
  refusal_log::limits log;
};

/// A node that we are connected to.
struct peer {
  caf::node_id node;
  /// Proved by its certificate; on plain connections, what it says.
  std::string name;
  /// The actor that it listens with; null when it has none.
  caf::strong_actor_ptr entry;
};

using log_callback =
    std::function<void(config::log_level level, std::string_view text)>;

/// The seam behind which all of CAF's networking lies: opens and accepts
/// connections between nodes, proves who is at the other end, and only then
/// lets CAF speak over them. One thread of its own; CAF's multiplexer carries
/// the established connections. Every member may be called from any thread,
/// but `stop` and the destructor not from a callback. Callbacks must not
/// block.
class carrier {
public:
  /// Checks the options and reads the identity. `log` gets what nobody asked
  /// for: connections that others dialed and why they were refused; it runs
  /// in the carrier's thread. The actor system needs `network` and the names
  /// of cluster and node, and must outlive the carrier. Fails as
  /// `check_identity` and with `invalid_argument` on bad names or limits.
  static result<std::unique_ptr<carrier>>
  make(caf::actor_system& system, carrier_options options, log_callback log);

  carrier(const carrier&) = delete;
  carrier& operator=(const carrier&) = delete;
  ~carrier();

  /// Accepts connections, once a carrier. `entry` is what peers get from
  /// `connect`; it may be null. Returns the endpoint with its real port.
  /// Fails with `already_exists` when the port is taken or we listen already,
  /// `permission_denied` for plain connections off loopback, `not_found` for
  /// an unknown host, `cancelled` after `stop`, `io`. Resolves a host name
  /// before it returns.
  result<config::endpoint> listen(const config::endpoint& where,
                                  caf::strong_actor_ptr entry);

  /// Connects to `name` and calls `done` exactly once: in the carrier's
  /// thread, or before it returns when there is nothing to dial (stopped, our
  /// own name, plain off loopback). `cancelled` when the carrier stops
  /// meanwhile; else codes as `code_of`, and the message says which step
  /// failed and why. A node that is connected already is simply found.
  void connect(config::endpoint where, std::string name,
               std::chrono::nanoseconds timeout,
               std::function<void(result<peer>)> done);

  /// The name that the certificate on the direct connection to `node` proves;
  /// our own for ourselves. Fails with `not_found` when there is no direct
  /// connection, with `unsupported` on plain connections. `done` as above.
  void name_of(caf::node_id node,
               std::function<void(result<std::string>)> done);

  /// Stops accepting, fails what is under way with `cancelled`, closes every
  /// connection, so that the monitors on both sides fire, and joins the
  /// thread. Takes at most a few seconds; idempotent.
  void stop();

private:
  class implementation;
  explicit carrier(std::unique_ptr<implementation> made);

  std::unique_ptr<implementation> implementation_;
};

} // namespace weft::transport
