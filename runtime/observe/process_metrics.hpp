#pragma once

#include "runtime/base/result.hpp"
#include "runtime/observe/metrics_registry.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace weft::observe {

/// What /proc/self/stat tells, in the kernel's units.
struct process_stat {
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  /// Since the machine started.
  std::uint64_t start_ticks = 0;
  std::uint64_t resident_pages = 0;
};

/// Reads the text of /proc/PID/stat (proc(5)); the program's name in it may
/// hold spaces and brackets. Fails with `invalid_argument`.
result<process_stat> parse_process_stat(std::string_view text);

/// The time the machine started, in seconds since 1970, from the text of
/// /proc/stat. Fails with `invalid_argument`.
result<std::uint64_t> parse_boot_time(std::string_view text);

/// Registers what Prometheus' conventions name for every process:
/// `process_resident_memory_bytes`, `process_cpu_seconds_total`,
/// `process_open_fds`, `process_start_time_seconds`. Read from /proc at every
/// collection, for as long as the registrations live. Fails with `io` where
/// /proc is not readable.
result<std::vector<callback_registration>>
watch_process(metrics_registry& registry);

} // namespace weft::observe
