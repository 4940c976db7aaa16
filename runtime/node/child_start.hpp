#pragma once

#include "actors/ecosystem/factory.hpp"
#include "runtime/node/services.hpp"
#include "runtime/supervision/child_spec.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace weft {

/// The child of a module's supervisor that an order asks for.
supervision::child_spec child_of(const actors::child_order& order,
                                 std::chrono::nanoseconds start_timeout);

/// A start function for an actor that says itself when it is ready. A failure
/// that it reports is a failed start, and so is silence for `timeout`; then
/// the actor is told to end.
supervision::start_function starting(
    std::function<result<caf::strong_actor_ptr>(actors::actor_ready)> start,
    std::chrono::nanoseconds timeout);

/// The same child, with its present handle kept in `into`.
template <class Handle>
supervision::child_spec keeping(supervision::child_spec child,
                                slot<Handle>& into) {
  child.start = [start = std::move(child.start),
                 &into](caf::event_based_actor& supervisor,
                        supervision::start_done done) {
    start(supervisor, [&into, done](result<caf::strong_actor_ptr> actor) {
      if (actor)
        into.set(caf::actor_cast<Handle>(*actor));
      done(std::move(actor));
    });
  };
  return child;
}

/// Registers a started actor, then reports its start: when its name is in the
/// registry, or when the registry could not be reached within two seconds (it
/// is registered later then). A name that is taken is a failed start.
void name_and_finish(caf::event_based_actor& supervisor,
                     const node_services& services, actors::registration what,
                     const supervision::start_done& done);

/// An actor of the cluster file as a child of its module's supervisor: its
/// start is done when it runs and its name is in the registry, or when the
/// registry could not be reached within two seconds (it is registered later
/// then).
supervision::child_spec file_actor(std::shared_ptr<node_services> services,
                                   const config::actor_options& actor,
                                   const context& where);

} // namespace weft
