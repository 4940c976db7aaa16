#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft::actors {

/// What a name in the registry stands for.
enum class service_kind : std::uint8_t {
  /// An actor, and nothing else.
  none = 0,
  space = 1,
  service = 2,
};

/// How well a service is, from best to worst while it runs.
enum class service_health : std::uint8_t {
  /// It does not serve yet.
  starting = 0,
  healthy = 1,
  /// It serves, though not as it should.
  degraded = 2,
  /// It cannot be relied on; gone soon unless it is heard of.
  unhealthy = 3,
  /// It takes no new work and ends.
  stopping = 4,
};

/// Some kinds of health, one bit each.
struct health_set {
  std::uint8_t bits = 0;

  health_set() = default;
  health_set(std::initializer_list<service_health> all) {
    for (const auto each : all)
      insert(each);
  }

  bool empty() const noexcept { return bits == 0; }
  bool contains(service_health which) const noexcept {
    return (bits & bit_of(which)) != 0;
  }
  void insert(service_health which) noexcept { bits |= bit_of(which); }

  friend bool operator==(const health_set&, const health_set&) = default;

private:
  /// No bit for a value from a newer peer.
  static std::uint8_t bit_of(service_health which) noexcept {
    return which <= service_health::stopping
               ? static_cast<std::uint8_t>(1U << static_cast<unsigned>(which))
               : std::uint8_t{0};
  }
};

/// "space", "healthy", ...; "unknown" for a value from a newer peer.
std::string_view to_string(service_kind kind) noexcept;
std::string_view to_string(service_health health) noexcept;

/// Fail with `invalid_argument`; kinds are "space" and "service".
result<service_kind> parse_service_kind(std::string_view text);
result<service_health> parse_service_health(std::string_view text);

/// A space or service as the registry describes it.
struct service_info {
  service_kind kind = service_kind::none;
  /// Where it is, for those who do not use its actor: "10.0.0.7:5432"; of a
  /// space the nodes that carry it. At most 1,000 bytes.
  std::string address;
  /// Of a space, e.g. "memory"; at most 100 bytes.
  std::string backend;
  /// What it can do; names (`is_name`), at most 64.
  std::vector<std::string> capabilities;
  /// Names (`is_name`) with any values of at most 200 bytes; at most 64.
  std::map<std::string, std::string> labels;
  /// At most 100 bytes.
  std::string version;
  /// The registry's judgement; what a registration says of it is ignored.
  service_health health = service_health::starting;
  /// How long it stays without a heartbeat: 100 ms to 1 h.
  std::int64_t lease_ms = 15'000;

  std::chrono::nanoseconds lease() const {
    return std::chrono::milliseconds{lease_ms};
  }

  friend bool operator==(const service_info&, const service_info&) = default;
};

/// Fails with `invalid_argument` for what exceeds a limit above.
result<void> check_service(const service_info& what);

/// The name in the registry of what is known as (tenant, namespace, name).
std::string service_name(std::string_view tenant, std::string_view name_space,
                         std::string_view name);

/// What the names of all services of a tenant start with, or of one of its
/// namespaces unless that is empty: to watch or list them.
std::string service_prefix(std::string_view tenant,
                           std::string_view name_space = {});

struct service_key {
  std::string_view tenant;
  std::string_view name_space;
  std::string_view name;
};

/// The parts of a service's name; for other names `name` is empty.
service_key parse_service_name(std::string_view name);

/// Which services are wanted; what is empty lets all through.
struct service_filter {
  /// `none`: any.
  service_kind kind = service_kind::none;
  /// All of them.
  std::vector<std::string> capabilities;
  /// All of them, with these values.
  std::map<std::string, std::string> labels;
  std::string backend;
  /// Any of them.
  health_set health;

  friend bool operator==(const service_filter&,
                         const service_filter&) = default;
};

bool matches(const service_info& what, const service_filter& wanted);

} // namespace weft::actors
