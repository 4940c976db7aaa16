#pragma once

#include "apps/heat/actors/messages.hpp"
#include "apps/heat/core/checkpoint_core.hpp"

#include <string>

namespace weft::heat {

struct keeper_state {
  static inline const char* name = "heat.keeper";

  // As an aggregate, CAF would try to make it from its self pointer.
  keeper_state() = default;

  checkpoint_core states;
  monitors watched;
  bool belongs_to_a_run = false;
};

/// The behaviour of a keeper.
keeper_actor::behavior_type
keep_states(keeper_actor::stateful_pointer<keeper_state> self);

} // namespace weft::heat
