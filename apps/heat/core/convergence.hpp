#pragma once

#include "apps/heat/core/rectangle.hpp"
#include "apps/heat/core/whole_grid.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace weft::heat {

/// Iterations of block `block`: the halo depth, or what is left to the
/// greatest number of iterations; 0 once that is reached.
index levels_of_block(std::uint64_t block, index halo_depth,
                      const stop_rule& until);

/// How a run stands after a block, from the largest changes of all regions
/// together, one for each iteration of the block. Nothing if it goes on, else
/// the result; `result.iterations` counts from the beginning of the run.
std::optional<run_result> judge_block(std::uint64_t block, index halo_depth,
                                      std::span<const double> changes,
                                      const stop_rule& until);

/// The iteration of its block, from 1, that is the `iterations`-th of a run.
index level_in_block(std::size_t iterations, index halo_depth);

/// Raises each of `so_far` to that of `more` where it is larger. Both are of
/// one block, and so of one length.
void raise_changes(std::span<double> so_far, std::span<const double> more);

} // namespace weft::heat
