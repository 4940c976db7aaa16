#include "runtime/node/child_start.hpp"

#include "runtime/node/start_waiter.hpp"
#include "runtime/supervision/exits.hpp"

#include <fmt/core.h>

namespace weft {

namespace {

constexpr std::chrono::seconds registry_timeout{2};

} // namespace

void name_and_finish(caf::event_based_actor& supervisor,
                     const node_services& services, actors::registration what,
                     const supervision::start_done& done) {
  actors::keep_registered(
      &supervisor, *services.names, registry_timeout, what,
      [done, actor = what.actor](const result<bool>& held) {
        // Out of reach now: it is registered later.
        if (held || held.error().code != errc::already_exists)
          return done(actor);
        supervision::send_exit_first(
            actor, nullptr, supervision::shutdown_because("its name is taken"));
        done(tl::unexpected(held.error()));
      });
}

namespace {

std::pair<std::string, std::string> split_type(const std::string& type) {
  const auto dot = type.find('.');
  return {type.substr(0, dot), type.substr(dot + 1)};
}

} // namespace

supervision::start_function starting(
    std::function<result<caf::strong_actor_ptr>(actors::actor_ready)> start,
    std::chrono::nanoseconds timeout) {
  return [start = std::move(start), timeout](caf::event_based_actor& supervisor,
                                             supervision::start_done done) {
    auto actor = std::make_shared<caf::strong_actor_ptr>();
    const auto report =
        await_start(supervisor, timeout, [actor, done](result<void> outcome) {
          if (outcome)
            return done(std::move(*actor));
          supervision::send_exit_first(
              *actor, nullptr,
              supervision::shutdown_because("its start failed"));
          done(tl::unexpected(std::move(outcome.error())));
        });
    auto started = start(report);
    if (started)
      *actor = *std::move(started);
    else
      report(tl::unexpected(std::move(started.error())));
  };
}

supervision::child_spec child_of(const actors::child_order& order,
                                 std::chrono::nanoseconds start_timeout) {
  supervision::child_spec child;
  child.id = order.name;
  child.start = starting(order.start, start_timeout);
  child.start_timeout = start_timeout;
  // The factory has checked the word.
  child.restart = supervision::parse_restart_kind(order.restart)
                      .value_or(supervision::restart_kind::temporary);
  return child;
}

supervision::child_spec file_actor(std::shared_ptr<node_services> services,
                                   const config::actor_options& actor,
                                   const context& where) {
  supervision::child_spec child;
  child.id = actor.name;
  child.start_timeout = services->start_timeout();
  child.restart = static_cast<supervision::restart_kind>(actor.restart);
  const auto type = services->types->find_actor(actor.type);
  const auto module = split_type(actor.type).first;
  actors::registration named;
  named.name = fmt::format("{}/{}", module, actor.name);
  named.type = actor.type;
  named.node = services->name;
  child.start =
      [services, named, path = fmt::format("{}/{}", services->name, named.name),
       args = actor.args, type = *type,
       local = where.for_module(module).for_tenant(actor.tenant)](
          caf::event_based_actor& supervisor, supervision::start_done done) {
        auto& system = supervisor.system();
        const auto start = starting(
            [&system, type, local, args](auto ready) {
              return type->spawn(system, local, args, std::move(ready));
            },
            services->start_timeout());
        services->starts.add(path);
        start(supervisor, [&supervisor, services, named, path,
                           done](result<caf::strong_actor_ptr> started) {
          services->starts.remove(path);
          if (!started)
            return done(std::move(started));
          auto what = named;
          what.actor = *started;
          name_and_finish(supervisor, *services, std::move(what), done);
        });
      };
  return child;
}

} // namespace weft
