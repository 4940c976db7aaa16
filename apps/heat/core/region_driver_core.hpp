#pragma once

#include "apps/heat/core/convergence.hpp"
#include "apps/heat/core/region_core.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace weft::heat {

/// What all regions of a run are told alike.
struct run_rules {
  stop_rule until;
  /// The state is kept before every block whose number is a multiple of this;
  /// 0: never.
  std::uint64_t checkpoint_blocks = 0;
};

/// What a region wants done.
namespace region_effect {

/// Cells for a neighbour, which sees them come from its `side`.
struct give_halo {
  index to = 0;
  direction side{};
  std::uint64_t block = 0;
  std::vector<double> cells;
};

/// Answer with `halos_came` once those of all neighbours are there.
struct ask_halos {
  std::uint64_t block = 0;
};

/// Join these with those of all regions by `raise_changes`, and answer with
/// `verdict_came`. They are of every iteration of the block.
struct join_changes {
  std::uint64_t block = 0;
  std::vector<double> changes;
};

/// Keep the region's own cells, which are those before this block until
/// another call of the driver; answer with `kept`.
struct keep_state {
  std::uint64_t block = 0;
};

/// The run has ended, and the cells are those of its last iteration.
struct stopped {
  run_result how;
};

} // namespace region_effect

using any_region_effect =
    std::variant<region_effect::give_halo, region_effect::ask_halos,
                 region_effect::join_changes, region_effect::keep_state,
                 region_effect::stopped>;
using region_effects = std::vector<any_region_effect>;

/// A halo as it came.
struct halo_view {
  direction side{};
  std::span<const double> cells;
};

/// Takes one region through a run: what to send, to wait for and to compute
/// next. Computing is apart from the events, so that a driver can give others
/// their turn, and can tell its time from that of talking:
///
///     effects = begin(0, {})
///     while (has_work()) more effects = work()
///     and the same after every event
///
/// The region computes up to `run_ahead` blocks before it knows the verdict on
/// the first of them, except before a block where the state is kept: a run
/// that begins there again must not have ended before.
///
/// Events of blocks that are over, and those that come after the end, are
/// ignored. Not thread-safe.
class region_driver_core {
public:
  region_driver_core(const partition& where, index region,
                     const region_options& options, const run_rules& rules);

  /// Begins, perhaps anew, before a block, from the region's own cells at that
  /// time, row-major; before block 0 from the beginning, without cells.
  region_effects begin(std::uint64_t block, std::span<const double> cells);

  /// All halos of a block, the answer to `ask_halos`. Fails like
  /// `region_core::receive`; the region can then only begin anew.
  result<region_effects> halos_came(std::uint64_t block,
                                    std::span<const halo_view> halos);

  /// The joined changes of a block of all regions.
  region_effects verdict_came(std::uint64_t block, std::vector<double> changes);

  /// The state before this block is in safe hands.
  region_effects kept(std::uint64_t block);

  /// True if there is something to compute.
  bool has_work() const { return due_ != piece::none; }

  /// Computes one piece.
  region_effects work();

  const region_core& cells() const { return core_; }
  const partition& where() const { return where_; }
  bool ended() const { return result_.has_value(); }

private:
  enum class piece : unsigned char { none, interior, rest };

  void advance(region_effects& effects);
  bool may_begin(region_effects& effects);
  void exchange(region_effects& effects);
  void judge(region_effects& effects);

  partition where_;
  index region_;
  run_rules rules_;
  std::size_t run_ahead_;
  region_core core_;
  /// As the constructor left it, which spares a copy of the first state.
  bool untouched_ = true;
  bool under_way_ = false;
  piece due_ = piece::none;
  /// The block whose state is being kept, and whether it is still on its way.
  std::optional<std::uint64_t> kept_;
  bool keeping_ = false;
  std::uint64_t next_verdict_ = 0;
  std::map<std::uint64_t, std::vector<double>> verdicts_;
  std::optional<run_result> result_;
};

} // namespace weft::heat
