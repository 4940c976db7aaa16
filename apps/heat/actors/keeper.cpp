#include "apps/heat/actors/keeper.hpp"

#include "runtime/caf/error.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace weft::heat {

namespace {

/// Whoever started a keeper and does not say anything has lost it.
constexpr std::chrono::minutes keeper_silence_max{1};

} // namespace

keeper_actor::behavior_type
keep_states(keeper_actor::stateful_pointer<keeper_state> self) {
  actors::run_after(self, keeper_silence_max, [self] {
    if (!state(self).belongs_to_a_run)
      self->quit();
  });
  return {
      [self](start_atom, const caf::strong_actor_ptr& coordinator) {
        state(self).belongs_to_a_run = true;
        state(self).watched.watch(self, coordinator,
                                  [self](const caf::error&) { self->quit(); });
        return true;
      },
      [self](const keep_band& piece) -> caf::result<bool> {
        auto kept = state(self).states.put(piece.where, piece.bytes);
        if (!kept)
          return to_caf(kept.error());
        return true;
      },
      [self](
          const fetch_band& wanted) -> caf::result<std::vector<std::uint8_t>> {
        auto found = state(self).states.get(
            wanted.where,
            std::min<std::uint64_t>(wanted.bytes, band_bytes_max));
        if (!found)
          return to_caf(found.error());
        return std::move(*found);
      },
      [self](const forget_states& order) {
        state(self).states.forget_before(order.before_block);
      },
      [self](stop_atom) { self->quit(); },
      [](const actors::hop& work) { work.run(); },
  };
}

} // namespace weft::heat
