#pragma once

#include "apps/bench/experiment.hpp"

#include <cstddef>
#include <cstdint>

namespace weft::bench {

/// Regions of weft, and processes of MPI.
inline constexpr std::size_t heat_workers = 2;
/// Iterations between exchanges in the experiments with deep halos.
inline constexpr std::uint64_t deep_halo = 8;

/// What is computed in one experiment.
struct heat_problem {
  /// Of the whole array, which is square.
  std::uint64_t rows = 0;
  std::uint64_t halo_depth = 1;
};

/// Of the experiment `heat_ROWS` or `heat_ROWS_deep`; in the smoke test an
/// eighth of its rows.
heat_problem problem_of(const experiment& what, const run_size& size);

/// Question: how many cells does `weft heat` update in a second?
/// Method: two workers in this process, a region each, the top at 100, as many
/// iterations as `count` says, no threshold. It is done twice, and the second
/// time counts, as in the peer.
/// Numbers: million updates/s of cells inside the ring, without start-up; the
/// largest change of the last iteration, which is the result.
/// Fails as `heat::run_alone`.
run_numbers run_heat(const experiment& what, const run_settings& how);

} // namespace weft::bench
