#pragma once

#include "runtime/base/result.hpp"

#include <caf/actor_control_block.hpp>

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace caf {
class actor_system;
}

namespace weft::transport {
class carrier;
}

/// Two nodes on this machine, one that is asked and one that asks, joined by
/// the transport's carrier as the nodes of a cluster are.
namespace weft::bench {

/// A folder with certificates of the cluster "bench" for its two nodes;
/// absent: plain TCP on loopback, as with `insecure: true`.
using certificates = std::optional<std::string>;

/// Makes the certificates, valid for an hour, in a folder that exists. Fails
/// with `io`.
result<void> make_bench_certificates(const std::string& folder);

/// SIGTERM and SIGINT, blocked in this thread and all that it starts from now
/// on: to be made before the actor system.
class end_signals {
public:
  end_signals();

  /// Until one of them comes, ten minutes at most.
  void wait() const;

private:
  sigset_t which_{};
};

/// Told the port of loopback that a node listens on.
using ready_callback = std::function<void(std::uint16_t port)>;

/// The node that is asked: hands `entry` out until a signal ends it. For a
/// process without other threads but the system's. Fails as
/// `transport::carrier` does.
result<void> serve(caf::actor_system& system, const certificates& proof,
                   const caf::strong_actor_ptr& entry, const end_signals& ends,
                   const ready_callback& ready);

/// The node that asks, as long as it lives.
class connection {
public:
  /// Fails as `transport::carrier` does, and with `timed_out`. Blocks.
  static result<connection> make(caf::actor_system& system,
                                 const certificates& proof, std::uint16_t port);

  connection(connection&& other) noexcept;
  connection& operator=(connection&&) = delete;
  ~connection();

  /// What the other node serves.
  const caf::strong_actor_ptr& entry() const noexcept { return entry_; }

private:
  explicit connection(std::unique_ptr<transport::carrier> carrier);

  std::unique_ptr<transport::carrier> carrier_;
  caf::strong_actor_ptr entry_;
};

} // namespace weft::bench
