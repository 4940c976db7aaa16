#pragma once

#include "apps/heat/core/rectangle.hpp"
#include "apps/heat/core/whole_grid.hpp"
#include "runtime/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace weft::heat {

/// What the coordinator of a run wants done.
namespace run_effect {

/// Answer with `region_started` or `start_failed`.
struct start_region {
  index region = 0;
  std::size_t place = 0;
};

/// Answer with `keeper_started` or `start_failed`.
struct start_keeper {
  std::size_t place = 0;
};

/// The region begins an epoch before a block, for which it gets its state from
/// the keeper of one of the places `from`, and gives its states to those of
/// the places `to`. It answers with `region_ready`.
struct begin_epoch {
  index region = 0;
  std::uint64_t epoch = 0;
  std::uint64_t block = 0;
  std::vector<std::size_t> from;
  std::vector<std::size_t> to;
};

/// All regions are ready: tell them to compute.
struct go {
  std::uint64_t epoch = 0;
};

/// Keepers need no states before earlier blocks any more.
struct forget_before {
  std::uint64_t block = 0;
};

/// All regions have stopped; the result is to be fetched from them.
struct ended {
  run_result how;
};

/// The run cannot go on.
struct gave_up {
  failure why;
};

} // namespace run_effect

using any_run_effect =
    std::variant<run_effect::start_region, run_effect::start_keeper,
                 run_effect::begin_epoch, run_effect::go,
                 run_effect::forget_before, run_effect::ended,
                 run_effect::gave_up>;
using run_effects = std::vector<any_run_effect>;

struct coordinator_options {
  using duration = std::chrono::nanoseconds;

  std::size_t regions = 1;
  /// Where regions can be, which is nodes; regions are dealt to them in
  /// contiguous runs of equal length.
  std::size_t places = 1;
  /// Each place has a keeper, and states are kept by two.
  bool keeps_states = false;
  /// How long a place that cannot start anything is asked again before its
  /// regions go elsewhere, and the pause between.
  duration place_patience = std::chrono::seconds{10};
  duration retry_pause = std::chrono::milliseconds{250};
  /// For how long a run may fail again and again without getting further.
  duration run_patience = std::chrono::seconds{60};
  /// A region that ended so often before it was ready will always do so.
  std::size_t early_ends_max = 10;
};

/// Leads a run through the loss of regions and of nodes: starts what is
/// missing, and rolls every region back to the newest state that all of them
/// have kept, in a new epoch. Messages of earlier epochs are ignored.
///
/// Events go in with the present time, effects come out; `poll` at least every
/// `retry_pause`. Not thread-safe.
class coordinator_core {
public:
  using duration = std::chrono::nanoseconds;
  using time_point =
      std::chrono::time_point<std::chrono::steady_clock, duration>;

  coordinator_core(const coordinator_options& options, time_point now);

  run_effects poll(time_point now);

  void region_started(index region);
  void keeper_started(std::size_t place);
  /// The place could start neither a region nor a keeper.
  void start_failed(std::size_t place, const failure& why, time_point now);
  void region_lost(index region, const failure& why, time_point now);
  void keeper_lost(std::size_t place, const failure& why, time_point now);

  run_effects region_ready(index region, std::uint64_t epoch, time_point now);
  /// A region's state before this block is kept at these places.
  run_effects state_kept(index region, std::uint64_t epoch, std::uint64_t block,
                         const std::vector<std::size_t>& places,
                         time_point now);
  /// A region has come as far as this block.
  void progressed(std::uint64_t epoch, std::uint64_t block, time_point now);
  run_effects region_stopped(index region, std::uint64_t epoch,
                             const run_result& how);
  /// A region cannot go on in this epoch, or its result cannot be fetched.
  void trouble(std::uint64_t epoch, const failure& why, time_point now);

  std::uint64_t epoch() const { return epoch_; }
  std::size_t place_of(index region) const {
    return regions_[static_cast<std::size_t>(region)].place;
  }
  /// Epochs that were begun because the one before failed.
  std::uint64_t recoveries() const { return recoveries_; }
  /// Blocks before which all regions' states were kept, over all epochs.
  std::uint64_t checkpoints() const { return checkpoints_; }
  /// The blocks that the last rollback went to; 0: the beginning.
  std::uint64_t last_rollback() const { return last_rollback_; }

private:
  enum class phase : unsigned char {
    gathering, // until all regions and keepers are there
    preparing, // until all regions have their state
    computing,
    over,
    failed,
  };

  struct region {
    std::size_t place = 0;
    bool present = false;
    bool ready = false;
    bool stopped = false;
    std::size_t early_ends = 0;
  };

  struct place {
    bool keeper_present = false;
    bool abandoned = false;
    time_point next_try{};
    std::optional<time_point> failing_since;
  };

  /// Who holds which region's state.
  using holders = std::vector<std::set<std::size_t>>;

  void recover(const failure& why, time_point now);
  void start_missing(run_effects& effects, time_point now);
  void abandon(std::size_t place);
  void abandon_all();
  std::size_t least_used_place() const;
  bool all_present() const;
  void begin(run_effects& effects);
  bool usable(const holders& state) const;
  std::vector<std::size_t> keepers_for(std::size_t home) const;
  void forget_keeper(std::size_t place);
  void got_further(time_point now);

  coordinator_options options_;
  phase phase_ = phase::gathering;
  std::vector<region> regions_;
  std::vector<place> places_;
  std::uint64_t epoch_ = 0;
  std::uint64_t recoveries_ = 0;
  std::uint64_t checkpoints_ = 0;
  std::uint64_t last_rollback_ = 0;
  /// States by block, and the newest that all regions have kept.
  std::map<std::uint64_t, holders> states_;
  std::uint64_t newest_ = 0;
  std::uint64_t furthest_ = 0;
  time_point further_at_;
  time_point next_epoch_at_;
  time_point computing_since_{};
  bool failed_once_ = false;
  failure last_trouble_;
};

} // namespace weft::heat
