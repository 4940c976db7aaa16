#pragma once

#include <caf/actor_system_config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace weft {

/// What of an actor system can be tuned; the rest follows the rules below.
struct system_options {
  /// Scheduler threads; 0: one a core, two at least.
  std::uint32_t threads = 0;
  /// Messages that an actor may handle before the next gets its turn.
  std::uint32_t max_throughput = 300;
  std::chrono::nanoseconds heartbeat_interval = std::chrono::milliseconds{500};
  std::chrono::nanoseconds connection_timeout = std::chrono::seconds{3};
  /// Loads CAF's network layer and gives the system an identity that is
  /// unique also between containers. Without it no network thread runs.
  bool network = false;
  /// Which node of which cluster the system is: its peers tell by the identity,
  /// see `host_of_node`. Both or none.
  std::string cluster{};
  std::string node{};
  /// Runs actors only when the test says so, on a virtual clock.
  bool deterministic = false;
};

/// How many scheduler threads a system with this setting has.
std::size_t scheduler_threads(std::uint32_t setting);

/// The configuration of every actor system of weft. It never reads CAF's own
/// command line or INI file, and fixes what CAF's defaults get wrong: weft's
/// own scheduler and timers, a finite throughput, heartbeats on both sides,
/// inline deserialization.
class system_config : public caf::actor_system_config {
public:
  explicit system_config(const system_options& options = {});
};

/// The name of the scheduler that a configuration asks for, "weft".
std::string scheduler_policy(const caf::actor_system_config& config);

} // namespace weft
