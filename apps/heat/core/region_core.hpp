#pragma once

#include "apps/heat/core/block_sweep.hpp"
#include "apps/heat/core/boundary.hpp"
#include "apps/heat/core/field.hpp"
#include "apps/heat/core/partition.hpp"
#include "apps/heat/core/region_geometry.hpp"
#include "runtime/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

namespace weft::heat {

/// How a region computes. Results do not depend on it.
struct region_options {
  boundary edge = {};
  /// Memory for what a block computes on its way. A part of the second cache
  /// of a core is best.
  std::size_t scratch_bytes_max = 384 << 10;
  /// The regions of this process do not fit into its last cache together.
  bool past_cache = false;
  const sweep_kernel* kernel = &best_kernel();
  /// Blocks that may be begun before it is known whether the run ended in an
  /// earlier one. Costs an array each.
  std::size_t run_ahead = 0;
  /// Where the arrays lie; outlives the region.
  std::pmr::memory_resource* memory = std::pmr::get_default_resource();
};

/// One region of a Jacobi iteration: what it computes, what it needs from its
/// neighbours and what it gives them.
///
/// A run goes in blocks of as many iterations as halos are deep, the last one
/// perhaps shorter. Whoever drives the region does for every block
///
///     begin_block(levels)
///     give halo_for(side) to each neighbour      in any order, at any time
///     sweep_interior()                           while halos are under way
///     receive(block, side, cells) for each
///     finish_block()                             when halos_complete()
///     go_on() or stop_at(block, level)           once all regions' changes
///                                                are known
///
/// One thread may drive several regions in turn, and the parts of a block may
/// alternate between regions. Not thread-safe.
///
/// *Cost*: the arrays are filled in the constructor, by the thread that calls
/// it; two of them, and one more for each block of `run_ahead`. Cells within
/// twice the halo depth of a neighbour are computed up to twice.
class region_core {
public:
  region_core(const partition& where, index region,
              const region_options& options);
  region_core(region_core&&) = default;
  region_core& operator=(region_core&&) = default;

  const region_geometry& geometry() const { return geometry_; }

  /// The number of the block that is under way, or else comes next; from 0.
  std::uint64_t block() const { return block_; }

  /// Blocks that are finished and neither gone on from nor stopped at.
  std::size_t undecided() const { return undecided_.size(); }

  /// Begins a block of `levels` iterations, 1 to the halo depth. Finished
  /// blocks may be undecided as many as `run_ahead`.
  void begin_block(index levels);

  /// The cells that the neighbour on this side needs for this block, row-major:
  /// `geometry().rim_for(side)`.
  std::vector<double> halo_for(direction side) const;

  /// Takes the halo from the neighbour on this side, row-major:
  /// `geometry().halo_from(side)`. A halo of the next block is kept for it,
  /// because a neighbour may be a block ahead. One that came before is
  /// ignored. Fails with `errc::invalid_argument`, and changes nothing, if
  /// there is no such neighbour, if the number of cells is wrong, or if the
  /// block is neither this nor the next.
  result<void> receive(std::uint64_t block, direction side,
                       std::span<const double> cells);

  /// True if the block is under way and all its halos are there.
  bool halos_complete() const { return under_way_ && missing_.empty(); }

  /// Does what needs no halos, or everything if they are there. To leave it
  /// out is allowed.
  void sweep_interior();

  /// Does what is left. Returns the largest change of each iteration over the
  /// cells that this region computed, which are its own and some of its
  /// neighbours'. Valid until the next block begins.
  std::span<const double> finish_block();

  /// The run did not end in the oldest undecided block.
  void go_on();

  /// The run ended in this undecided block with its iteration `level` (from
  /// 1): the region returns there, and what it did since is dropped.
  void stop_at(std::uint64_t block, index level);

  /// The state before block `block`, from own cells, row-major, as they were
  /// saved: begins anew from there.
  void restore(std::uint64_t block, std::span<const double> cells);

  /// A row of its own cells, `row` from 0, as they are after the last block
  /// finished, or at the iteration that was stopped at.
  std::span<const double> row(index row) const;

private:
  struct finished_block {
    std::uint64_t block;
    index levels;
    std::size_t start;
  };

  std::size_t take_free();
  void sweep(const rectangle& part);
  void fill_halo(direction side, std::span<const double> cells);
  void drop_progress();

  region_geometry geometry_;
  region_options options_;
  std::vector<field> fields_;
  /// Fields that hold nothing of interest.
  std::vector<std::size_t> free_;
  /// The field with the present state: where the block under way started.
  std::size_t start_ = 0;
  /// The field that the block under way writes to.
  std::size_t target_ = 0;
  std::uint64_t block_ = 0;
  index levels_ = 0;
  bool under_way_ = false;
  bool interior_done_ = false;
  bool all_done_ = false;
  std::vector<direction> missing_;
  std::array<std::optional<std::vector<double>>, all_directions.size()> early_;
  std::vector<double> changes_;
  block_scratch scratch_;
  std::deque<finished_block> undecided_;
};

} // namespace weft::heat
