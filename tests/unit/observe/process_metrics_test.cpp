#include "runtime/observe/process_metrics.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <map>

namespace weft::observe {

namespace {

/// A line of proc(5) with 30 fields after the name.
std::string stat_line(const std::string& name) {
  std::string line = "4711 (" + name + ") S";
  for (int number = 4; number <= 33; ++number)
    line += " " + std::to_string(number * 10);
  return line + "\n";
}

} // namespace

TEST_CASE("the fields of /proc/PID/stat are found behind any program name") {
  for (const auto* name : {"weft", "a b", "x) S 1 2 3", "((", ""}) {
    const auto stat = parse_process_stat(stat_line(name));
    REQUIRE_MESSAGE(stat, name);
    CHECK(stat->user_ticks == 140);
    CHECK(stat->system_ticks == 150);
    CHECK(stat->start_ticks == 220);
    CHECK(stat->resident_pages == 240);
  }
}

TEST_CASE("a stat text that is cut or not a number is refused with its field") {
  CHECK_FALSE(parse_process_stat(""));
  CHECK_FALSE(parse_process_stat("4711 weft S 1"));
  const auto cut = parse_process_stat("1 (weft) S 1 2 3 4 5 6 7 8 9 10 11");
  REQUIRE_FALSE(cut);
  CHECK(cut.error().message.find("field 15") != std::string::npos);
  const auto text = parse_process_stat("1 (weft) S 1 2 3 4 5 6 7 8 9 10 x 12");
  REQUIRE_FALSE(text);
  CHECK(text.error().message.find("\"x\"") != std::string::npos);
}

TEST_CASE("the boot time is the line btime") {
  CHECK(parse_boot_time("cpu 1 2\nbtime 1700000000\nprocesses 1\n")
        == 1'700'000'000u);
  CHECK_FALSE(parse_boot_time("cpu 1 2\n"));
  CHECK_FALSE(parse_boot_time("btime soon\n"));
}

TEST_CASE("this process reports plausible numbers") {
  metrics_registry registry;
  const auto kept = watch_process(registry);
  REQUIRE(kept);
  std::map<std::string, double> seen;
  for (const auto& family : registry.collect())
    if (family.name.starts_with("process_"))
      seen[family.name] = std::get<double>(family.samples.at(0).value);
  REQUIRE(seen.size() == 4);
  CHECK(seen["process_resident_memory_bytes"] > 100'000);
  CHECK(seen["process_cpu_seconds_total"] >= 0);
  CHECK(seen["process_open_fds"] >= 3);
  const auto now = std::chrono::duration<double>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  CHECK(seen["process_start_time_seconds"] < now + 1);
  CHECK(seen["process_start_time_seconds"] > now - 3'600);
}

TEST_CASE("the process can be watched once in a registry") {
  metrics_registry registry;
  {
    const auto first = watch_process(registry);
    REQUIRE(first);
    const auto second = watch_process(registry);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::already_exists);
  }
  CHECK(registry.collect().size() == 1);
}

} // namespace weft::observe
