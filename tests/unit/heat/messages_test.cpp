#include "apps/heat/actors/messages.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace weft::heat::test {

namespace {

using heat_system =
    weft::test::deterministic_system_with<caf::id_block::weft_heat>;
using weft::test::over_the_wire;

} // namespace

TEST_CASE_FIXTURE(heat_system, "every message arrives as it was sent") {
  const auto begin = over_the_wire(
      system, begin_epoch{3, 8, {{1, nullptr}}, {{2, nullptr}}, {}});
  CHECK(begin.epoch == 3);
  CHECK(begin.block == 8);
  REQUIRE(begin.from.size() == 1);
  CHECK(begin.to.front().place == 2);
  CHECK(over_the_wire(system, go_epoch{3}).epoch == 3);
  CHECK(over_the_wire(system, read_cells{1, 2, 3, 4, 5}).columns == 5);
  CHECK(over_the_wire(system, region_ready{1, 2}).epoch == 2);
  CHECK(over_the_wire(system, region_kept{1, 2, 3, {4, 5}}).places.back() == 5);
  CHECK(over_the_wire(system, region_progressed{1, 2, -0.5}).change == -0.5);
  const auto stopped = over_the_wire(
      system, region_stopped{1, 2, 3, true,
                             std::numeric_limits<double>::infinity(), 4, 5, 6});
  CHECK(stopped.final_change == std::numeric_limits<double>::infinity());
  CHECK(stopped.total_ns == 6);
  CHECK(over_the_wire(system, region_troubled{1, 2, 3, "x"}).message == "x");
  const band_place where{1, 2, 3, 4};
  CHECK(over_the_wire(system, keep_band{where, {7, 8}}).where == where);
  CHECK(over_the_wire(system, keep_band{where, {7, 8}}).bytes.back() == 8);
  CHECK(over_the_wire(system, fetch_band{where, 9}).bytes == 9);
  CHECK(over_the_wire(system, forget_states{9}).before_block == 9);
}

} // namespace weft::heat::test
