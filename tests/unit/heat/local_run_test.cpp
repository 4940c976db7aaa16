#include "apps/heat/actors/local_run.hpp"
#include "apps/heat/actors/messages.hpp"
#include "apps/heat/actors/report.hpp"
#include "apps/heat/core/whole_grid.hpp"
#include "runtime/caf/system_config.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <future>
#include <string>
#include <vector>

namespace weft::heat::test {

namespace {

struct expected_array {
  run_result how;
  std::string checksum;
};

expected_array plain_array(const run_request& what) {
  auto grid = initial_grid(what.shape, what.edge);
  expected_array made{iterate(grid, what.until), ""};
  checksum sum;
  sum.add(grid.cells);
  made.checksum = sum.hex();
  return made;
}

void check_alone(const run_request& what, std::size_t workers) {
  INFO(fmt::format("{}x{} regions, halo depth {}, {} workers",
                   what.regions.down, what.regions.across, what.halo_depth,
                   workers));
  const auto expected = plain_array(what);
  result_sinks sinks{what, {.probes = what.probes, .output = ""}};
  const auto outcome =
      run_alone(what, workers, {}, [&] { return sinks.make(); });
  REQUIRE(outcome);
  CHECK(outcome->how.iterations == expected.how.iterations);
  CHECK(outcome->how.converged == expected.how.converged);
  CHECK(outcome->how.final_change == expected.how.final_change);
  CHECK(sinks.checksum() == expected.checksum);
  CHECK(outcome->recoveries == 0);
}

struct local_config : system_config {
  local_config() : system_config{{.threads = 2}} {
    add_types<caf::id_block::weft_heat>(*this);
  }
};

} // namespace

TEST_CASE("actors give the plain loop's array for every partition and depth") {
  for (const auto& regions : {region_counts{1, 1}, region_counts{2, 2},
                              region_counts{3, 5}, region_counts{18, 18}})
    for (index depth : {1, 2, 7})
      check_alone({.shape = {20, 20},
                   .regions = regions,
                   .until = {.threshold = 0.5},
                   .halo_depth = depth},
                  2);
  check_alone({.shape = {40, 9},
               .regions = {5, 1},
               .until = {.threshold = 0, .iterations_max = 77},
               .halo_depth = 3,
               .edge = {.top = -4, .bottom = 8, .left = 1, .right = 0.5}},
              1);
}

TEST_CASE("two runs in one space do not mix, and leave nothing in it") {
  local_config config;
  caf::actor_system system{config};
  const auto space = local_heat_space(system, 2);
  const auto run = [&](double hot) {
    run_request what{.shape = {30, 30},
                     .regions = {2, 3},
                     .until = {.threshold = 0.05},
                     .halo_depth = 2};
    what.edge.top = hot;
    const auto where = check(what);
    caf::scoped_actor self{system};
    result_sinks sinks{what, {}};
    const auto outcome =
        coordinate(self.ptr(), what, *where,
                   local_seams(system, what, {"here", 2}, {}, space),
                   [&] { return sinks.make(); });
    return outcome && sinks.checksum() == plain_array(what).checksum;
  };
  auto other = std::async(std::launch::async, run, 50.0);
  CHECK(run(100.0));
  CHECK(other.get());
  const auto left = space.count(*spaces::pattern::make({}, true));
  REQUIRE(left);
  CHECK(*left == 0);
}

TEST_CASE("a run that is cancelled says so") {
  const run_request what{.shape = {20, 20}, .until = {.threshold = 0}};
  const auto outcome = run_alone(
      what, 1, {.cancelled = [] { return true; }, .progress = {}},
      [] { return result<std::vector<row_sink*>>{std::vector<row_sink*>{}}; });
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == errc::cancelled);
}

TEST_CASE("a grid that does not fit into memory is refused") {
  const auto where = partition::make({{10'000'000, 10'000'000}, 1, 1, 1});
  REQUIRE(where);
  CHECK(check_memory(*where).error().code == errc::exhausted);
}

} // namespace weft::heat::test
