#pragma once

#include "actors/space/space.hpp"
#include "apps/byzantine/actors/general_actor.hpp"
#include "apps/byzantine/actors/general_orders.hpp"

#include <chrono>

namespace weft::byzantine {

/// How long a general waits to be told to start.
inline constexpr std::chrono::seconds muster_time{60};

/// Starts a general whose mail goes through `mail`.
general_actor spawn_general(caf::actor_system& system, const space& mail,
                            const general_orders& orders);

/// The same as the function of an actor.
general_actor::behavior_type general(general_actor::pointer self,
                                     const space& mail,
                                     const general_orders& orders);

} // namespace weft::byzantine
