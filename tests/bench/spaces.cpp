/// Question: what does one operation of a space's core cost, by the number of
/// tuples, of waiters, and by shape?
/// Method: `measure_space` (apps/bench/spaces/space_load.hpp) in this process,
/// one run a line, in turn; pin it to a core. Unit: ns an operation, M
/// operations a second; a write and a take are two.
///
///     ninja -C build/release bench_spaces
///     taskset -c 1 build/release/bench_spaces [WORKLOAD [TUPLES [WAITERS
///       [OPERATIONS [RUNS]]]]]
///
/// Without arguments it measures the table of tests/bench/README.md.

#include "apps/bench/spaces/space_load.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace weft::bench;

void measure(std::string_view workload, const space_load& load, int runs) {
  std::vector<space_figures> all;
  for (int i = 0; i < runs; ++i)
    all.push_back(measure_space(workload, load));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.nanoseconds < b.nanoseconds;
  });
  const auto& median = all[all.size() / 2];
  std::printf("%-8.*s %9llu tuples %7llu waiters: %7.1f ns (%.1f to %.1f) "
              "%6.2f M/s, %.2f probes, checksum %016llx\n",
              static_cast<int>(workload.size()), workload.data(),
              static_cast<unsigned long long>(load.tuples),
              static_cast<unsigned long long>(load.waiters), median.nanoseconds,
              all.front().nanoseconds, all.back().nanoseconds,
              median.operations_per_second / 1e6, median.probes,
              static_cast<unsigned long long>(median.checksum));
  std::fflush(stdout);
}

void measure_all() {
  for (std::uint64_t tuples = 1000; tuples <= 10'000'000; tuples *= 10)
    for (const auto* workload : {"keyed", "leased", "fifo"})
      measure(workload, {.tuples = tuples, .operations = 4'000'000}, 3);
  for (const std::uint64_t waiters : {0, 100, 10'000, 100'000})
    measure("keyed",
            {.tuples = 100'000, .waiters = waiters, .operations = 4'000'000},
            3);
  for (const std::uint64_t waiters : {100, 10'000, 100'000})
    measure("handoff",
            {.tuples = 1000, .waiters = waiters, .operations = 2'000'000}, 3);
  for (const auto* workload : {"range", "shapes"})
    measure(workload, {.tuples = 100'000, .operations = 1'000'000}, 3);
}

} // namespace

int main(int count, char** arguments) {
  if (count == 1) {
    measure_all();
    return 0;
  }
  const auto number = [&](int index, std::uint64_t otherwise) {
    return index < count ? std::strtoull(arguments[index], nullptr, 10)
                         : otherwise;
  };
  measure(arguments[1],
          {.tuples = number(2, 100'000),
           .waiters = number(3, 0),
           .operations = number(4, 4'000'000)},
          static_cast<int>(number(5, 3)));
  return 0;
}
