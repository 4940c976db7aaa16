#pragma once

#include "apps/heat/core/convergence.hpp"
#include "apps/heat/core/region_core.hpp"
#include "apps/heat/core/whole_grid.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace weft::heat::test {

/// A run in one loop: regions take steps in a random order, and halos and
/// verdicts arrive in a random order.
class region_loop {
public:
  region_loop(const partition_request& request, const region_options& options,
              const stop_rule& until, unsigned seed = 1)
      : shape_(request.shape), edge_(options.edge), until_(until),
        run_ahead_(options.run_ahead), random_(seed),
        where_(*partition::make(request)) {
    for (index region = 0; region < where_.regions(); ++region) {
      regions_.emplace_back(where_, region, options);
      judged_.push_back(0);
      begun_.push_back(false);
    }
  }

  run_result run() {
    while (!result_)
      step();
    for (auto& region : regions_)
      region.stop_at((result_->iterations - 1) / depth(),
                     level_in_block(result_->iterations, where_.halo_depth()));
    return *result_;
  }

  whole_grid gather() const {
    auto grid = initial_grid(shape_, edge_);
    for (const auto& region : regions_) {
      const auto& where = region.geometry();
      for (index row = 0; row < where.own().rows(); ++row) {
        auto cells = region.row(row);
        std::copy(cells.begin(), cells.end(),
                  grid.cells.begin()
                      + (where.first_row() + row) * shape_.columns
                      + where.first_column());
      }
    }
    return grid;
  }

  const partition& where() const { return where_; }
  std::vector<region_core>& regions() { return regions_; }

private:
  struct halo {
    std::size_t to;
    direction side;
    std::uint64_t block;
    std::vector<double> cells;
  };

  /// What is known of a block's changes, and how many regions reported.
  struct tally {
    std::vector<double> changes;
    std::size_t reports = 0;
  };

  std::size_t depth() const {
    return static_cast<std::size_t>(where_.halo_depth());
  }

  std::size_t any(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>{0, count - 1}(random_);
  }

  void step() {
    if (!halos_.empty() && any(2) == 0)
      return deliver();
    auto which = any(regions_.size());
    auto& region = regions_[which];
    if (region.halos_complete())
      return finish(which);
    if (begun_[which]) {
      if (any(4) == 0)
        region.sweep_interior();
      return;
    }
    begin(which);
  }

  void begin(std::size_t which) {
    auto& region = regions_[which];
    // Verdicts on earlier blocks that have come so far.
    while (judged_[which] < verdicts_ && region.undecided() > 0) {
      region.go_on();
      ++judged_[which];
    }
    auto levels = levels_of_block(region.block(), where_.halo_depth(), until_);
    if (region.undecided() > run_ahead_ || levels == 0)
      return;
    region.begin_block(levels);
    begun_[which] = true;
    for (auto side : region.geometry().neighbours())
      halos_.push_back({static_cast<std::size_t>(
                            *where_.neighbour(static_cast<index>(which), side)),
                        opposite(side), region.block(), region.halo_for(side)});
  }

  void deliver() {
    auto which = any(halos_.size());
    std::swap(halos_[which], halos_.back());
    auto what = std::move(halos_.back());
    halos_.pop_back();
    if (!regions_[what.to].receive(what.block, what.side, what.cells))
      FAIL("a halo was refused");
  }

  void finish(std::size_t which) {
    auto block = regions_[which].block();
    auto changes = regions_[which].finish_block();
    begun_[which] = false;
    if (tallies_.size() <= block)
      tallies_.resize(block + 1);
    auto& tally = tallies_[block];
    tally.changes.resize(changes.size());
    raise_changes(tally.changes, changes);
    if (++tally.reports < regions_.size())
      return;
    REQUIRE(verdicts_ == block);
    ++verdicts_;
    result_ = judge_block(block, where_.halo_depth(), tally.changes, until_);
  }

  grid_shape shape_;
  boundary edge_;
  stop_rule until_;
  std::size_t run_ahead_;
  std::mt19937 random_;
  partition where_;
  std::vector<region_core> regions_;
  std::vector<bool> begun_;
  std::vector<std::uint64_t> judged_;
  std::vector<halo> halos_;
  std::vector<tally> tallies_;
  std::uint64_t verdicts_ = 0;
  std::optional<run_result> result_;
};

} // namespace weft::heat::test
