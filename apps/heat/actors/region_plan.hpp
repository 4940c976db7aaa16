#pragma once

#include "apps/heat/actors/region.hpp"
#include "apps/heat/core/run_request.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace weft::heat {

/// What every region of a run must know, as it travels to the factory that
/// starts one.
struct region_plan {
  std::int64_t run = 0;
  /// The space for halos and changes.
  std::string space;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::int64_t regions_down = 1;
  std::int64_t regions_across = 1;
  std::int64_t halo_depth = 1;
  double threshold = 0.01;
  std::uint64_t iterations = 1;
  std::uint64_t checkpoint_blocks = 0;
  /// How many places the regions are dealt to.
  std::int64_t homes = 1;
  /// Top, bottom, left, right.
  std::vector<double> boundary;
  /// Cells that share the last cache of the machine with this region's.
  std::int64_t cells_beside = 0;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(region_plan, run, space, rows, cols,
                                   regions_down, regions_across, halo_depth,
                                   threshold, iterations, checkpoint_blocks,
                                   homes, boundary, cells_beside)

/// The plan of a request that was checked.
region_plan make_plan(const run_request& what, std::int64_t run,
                      std::size_t homes, std::uint64_t checkpoint_blocks);

/// One region of the plan, with options for this machine. Fails with
/// `errc::invalid_argument` for a plan that cannot be.
result<region_setup> set_up(const region_plan& plan, index region,
                            weft::space space);

} // namespace weft::heat
