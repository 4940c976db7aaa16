#include "runtime/observe/process_metrics.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <unistd.h>

namespace weft::observe {

namespace {

constexpr std::size_t own_stat_bytes_max = 4 * 1024;
/// Enough for a machine with many cores and interrupts.
constexpr std::size_t system_stat_bytes_max = 1024 * 1024;

result<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size())
    return fail(errc::invalid_argument,
                fmt::format("expected a whole number, got \"{}\"", text));
  return value;
}

result<std::string> read_file(const char* path, std::size_t bytes_max) {
  std::ifstream file{path, std::ios::binary};
  std::string text(bytes_max, '\0');
  if (!file)
    return fail(errc::io,
                fmt::format("{} cannot be opened: is /proc mounted?", path));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

result<process_stat> read_own_stat() {
  auto text = read_file("/proc/self/stat", own_stat_bytes_max);
  if (!text)
    return pass_on(text);
  return parse_process_stat(*text);
}

double ticks_per_second() {
  return static_cast<double>(sysconf(_SC_CLK_TCK));
}

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double resident_bytes() {
  const auto stat = read_own_stat();
  return stat ? static_cast<double>(stat->resident_pages)
                    * static_cast<double>(sysconf(_SC_PAGESIZE))
              : unknown;
}

double cpu_seconds() {
  const auto stat = read_own_stat();
  return stat ? static_cast<double>(stat->user_ticks + stat->system_ticks)
                    / ticks_per_second()
              : unknown;
}

double open_fds() {
  std::error_code code;
  std::filesystem::directory_iterator entries{"/proc/self/fd", code};
  if (code)
    return unknown;
  double count = 0;
  for (; entries != std::filesystem::directory_iterator{};
       entries.increment(code)) {
    if (code)
      return unknown;
    ++count;
  }
  // One of them was the directory itself.
  return count - 1;
}

} // namespace

result<process_stat> parse_process_stat(std::string_view text) {
  const auto name_end = text.rfind(')');
  if (name_end == std::string_view::npos)
    return fail(errc::invalid_argument,
                "process stat: expected \"PID (NAME) ...\", found no )");
  const auto fields = split(trim(text.substr(name_end + 1)), ' ');
  // Field numbers of proc(5), where the state, number 3, is the first here.
  constexpr std::size_t first = 3;
  constexpr std::array<std::size_t, 4> wanted{14, 15, 22, 24};
  std::array<std::uint64_t, 4> values{};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (fields.size() <= wanted[i] - first)
      return fail(errc::invalid_argument,
                  fmt::format("process stat: field {} is missing", wanted[i]));
    auto value = parse_number(fields[wanted[i] - first]);
    if (!value)
      return fail(errc::invalid_argument,
                  fmt::format("process stat: field {}: {}", wanted[i],
                              value.error().message));
    values[i] = *value;
  }
  return process_stat{values[0], values[1], values[2], values[3]};
}

result<std::uint64_t> parse_boot_time(std::string_view text) {
  for (const auto line : split(text, '\n'))
    if (line.starts_with("btime "))
      return parse_number(trim(line.substr(6)));
  return fail(errc::invalid_argument, "/proc/stat: the line btime is missing");
}

result<std::vector<callback_registration>>
watch_process(metrics_registry& registry) {
  auto stat = read_own_stat();
  if (!stat)
    return pass_on(stat);
  auto system = read_file("/proc/stat", system_stat_bytes_max);
  if (!system)
    return pass_on(system);
  auto boot_time = parse_boot_time(*system);
  if (!boot_time)
    return pass_on(boot_time);
  const double started =
      static_cast<double>(*boot_time)
      + static_cast<double>(stat->start_ticks) / ticks_per_second();
  struct watch_entry {
    metric_kind kind;
    const char* name;
    const char* help;
    metrics_registry::callback read;
  };
  const std::array<watch_entry, 4> entries{{
      {metric_kind::gauge, "process_resident_memory_bytes",
       "Resident memory size in bytes.", resident_bytes},
      {metric_kind::counter, "process_cpu_seconds_total",
       "User and system CPU time spent in seconds.", cpu_seconds},
      {metric_kind::gauge, "process_open_fds",
       "Number of open file descriptors.", open_fds},
      {metric_kind::gauge, "process_start_time_seconds",
       "Start time of the process since 1970 in seconds.",
       [started] { return started; }},
  }};
  std::vector<callback_registration> registrations;
  for (const auto& entry : entries) {
    auto made =
        registry.watch(entry.kind, entry.name, entry.help, {}, entry.read);
    if (!made)
      return pass_on(made);
    registrations.push_back(std::move(*made));
  }
  return registrations;
}

} // namespace weft::observe
