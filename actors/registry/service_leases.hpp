#pragma once

#include "actors/registry/service_info.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::actors {

/// What a service says of itself with a heartbeat.
struct service_report {
  /// It may call itself `starting`, `stopping`, or worse than the registry
  /// would: of both judgements the worse counts.
  service_health says = service_health::healthy;
  /// Calls that it has answered since its last heartbeat, and how many of them
  /// it failed through a fault of its own.
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;

  friend bool operator==(const service_report&,
                         const service_report&) = default;
};

/// When silence and errors count against a service.
struct health_rules {
  /// Parts of the lease, in percent, that pass without a heartbeat.
  std::uint32_t silent_degraded = 50;
  std::uint32_t silent_unhealthy = 75;
  /// Failed calls, in percent of those of the last `window` heartbeats.
  std::uint32_t errors_degraded = 5;
  std::uint32_t errors_unhealthy = 50;
  std::size_t window = 8;
  /// Fewer calls in the window say nothing.
  std::uint64_t calls_min = 10;
};

/// The leases of services and the health that follows from their heartbeats:
/// a service that is silent for half of its lease is degraded, for three
/// quarters unhealthy, for all of it gone. Times count from any epoch, the
/// same for all calls. Cost of a heartbeat: O(log leases).
class service_leases {
public:
  using time = std::chrono::nanoseconds;

  /// What became of a service; no health: its lease is over.
  struct change {
    std::string name;
    std::optional<service_health> health;

    friend bool operator==(const change&, const change&) = default;
  };

  explicit service_leases(const health_rules& rules = {});

  /// Begins a lease under a name that has none; the service is `starting`
  /// until its first heartbeat.
  void begin(const std::string& name, time lease, time now);

  /// The health after a heartbeat; nothing for a name without a lease.
  std::optional<service_health> heard(std::string_view name,
                                      const service_report& report, time now);

  /// Forgets a lease, if there is one.
  void end(std::string_view name);

  /// What silence has changed up to now. Leases that are over are forgotten.
  std::vector<change> advance(time now);

  /// When `advance` is to be called next, if at all.
  std::optional<time> next_due() const;

private:
  struct lease {
    time length{0};
    time heard_at{0};
    /// Its place in the queue.
    time due{0};
    service_health health = service_health::starting;
    service_health says = service_health::starting;
    std::deque<std::pair<std::uint64_t, std::uint64_t>> window;
    std::uint64_t calls = 0;
    std::uint64_t errors = 0;
  };
  using leases = std::map<std::string, lease, std::less<>>;

  void count(lease& of, const service_report& report) const;
  service_health by_errors(const lease& of) const;
  service_health judge(const lease& of, time now) const;
  /// When silence changes its state next.
  time next_change(const lease& of, time now) const;
  void queue(leases::iterator which, time now);

  health_rules rules_;
  leases leases_;
  std::set<std::pair<time, std::string>> queue_;
};

} // namespace weft::actors
