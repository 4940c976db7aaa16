#include "apps/bench/spaces/core_runs.hpp"

#include "apps/bench/spaces/space_load.hpp"

#include <algorithm>
#include <array>

namespace weft::bench {

namespace {

/// What the core does in one experiment.
struct core_run {
  std::string_view experiment;
  std::string_view workload;
  std::uint64_t tuples = 0;
  std::uint64_t waiters = 0;
};

constexpr std::array core_runs{
    core_run{"core_1k", "keyed", 1'000},
    core_run{"core_100k", "keyed", 100'000},
    core_run{"core_1m", "keyed", 1'000'000},
    core_run{"core_10m", "keyed", 10'000'000},
    core_run{"core_waiters", "keyed", 100'000, 100'000},
    core_run{"core_shapes", "shapes", 100'000},
    core_run{"core_hand_off", "handoff", 1'000, 100'000},
};

constexpr std::uint64_t smoke_tuples_max = 1'000;

} // namespace

run_numbers run_core(const experiment& what, const run_settings& how) {
  const auto* run =
      std::ranges::find(core_runs, what.name, &core_run::experiment);
  if (run == core_runs.end())
    return fail(errc::internal, "the core has no such experiment");
  space_load load{.tuples = run->tuples,
                  .waiters = run->waiters,
                  .operations = how.size.count};
  if (how.size.smoke) {
    load.tuples = std::min(load.tuples, smoke_tuples_max);
    load.waiters = std::min(load.waiters, smoke_tuples_max);
  }
  return std::vector{measure_space(run->workload, load).operations_per_second};
}

} // namespace weft::bench
