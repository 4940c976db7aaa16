#pragma once

#include "apps/heat/actors/coordinator.hpp"
#include "apps/heat/core/run_request.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace weft::heat {

/// A number for a run that no other run has.
std::int64_t new_run();

/// Scheduler threads where nobody says how many: one a core.
std::size_t default_workers();

/// Fails with `exhausted` when the arrays do not fit into this machine.
result<void> check_memory(const partition& where);

/// How a run in one process is watched.
struct local_watch {
  std::function<bool()> cancelled;
  std::function<void(const run_progress&)> progress;
};

/// A space for heat with so many shards, in this process.
weft::space local_heat_space(caf::actor_system& system, std::size_t shards);

/// What a run needs whose regions are all in this process.
run_seams local_seams(caf::actor_system& system, const run_request& what,
                      const run_place& place, const local_watch& watch,
                      const weft::space& space);

/// All regions and their space in an actor system that is there already, with
/// so many scheduler threads. Waits in the thread of `self`.
result<run_outcome> run_in_system(caf::blocking_actor* self,
                                  const run_request& what,
                                  const run_place& place,
                                  const local_watch& watch,
                                  const sink_maker& sinks);

/// The same in a system of its own, which is gone afterwards.
result<run_outcome> run_alone(const run_request& what, std::size_t workers,
                              const local_watch& watch,
                              const sink_maker& sinks);

} // namespace weft::heat
