#pragma once

#include "actors/registry/registry_actor.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/module/ask.hpp"
#include "runtime/module/context_services.hpp"
#include "runtime/module/name_waiter.hpp"
#include "runtime/module/offered_service.hpp"
#include "runtime/observe/log.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace weft {

/// An evaluation that is to begin, see `context::eval`.
struct active_tuple {
  /// "module.function", registered by `module.active`.
  std::string type;
  /// Of the function: an object, an array or null.
  nlohmann::json arguments;
  /// Where the result goes: a space of the context's tenant.
  std::string space;
  /// Tells evaluations apart where they fail.
  std::string key;
  /// Where it runs; empty: on this node.
  std::string node;
};

/// What actors and jobs know of their node and cluster. An actor's function
/// or constructor gets it by naming `weft::context` as its first parameter
/// after self. Cheap to copy; usable from any thread.
///
/// The calls that talk to other actors come in two forms: with a blocking
/// actor they wait and return a result; with an event-based actor they call
/// `done(result<...>)` in that actor, once, possibly before they return.
class context {
public:
  using duration = std::chrono::nanoseconds;
  static constexpr duration default_timeout = std::chrono::seconds{5};

  /// A context without a node: every call that needs one fails.
  context() : context(context_services{}) {}
  explicit context(context_services services, std::string_view module = {});

  /// The same with the log of another module.
  context for_module(std::string_view module) const;
  /// The same for another tenant: that of an actor or job is given by its node
  /// and by nothing that the actor says.
  context for_tenant(std::string tenant) const;

  /// The log of the component "module.NAME".
  const observe::logger& log() const { return log_; }
  observe::metrics_registry& metrics() const;
  const config::cluster_options& options() const;
  const cluster_view& cluster() const;
  /// Empty while the registry cannot be reached.
  actors::registry_actor registry() const;
  result<actors::factory_actor> factory_of(const std::string& node) const;

  /// A tuple space of this context's tenant, by its name in the cluster file,
  /// or "namespace/name" where the name alone is not unique. `not_found` for
  /// one that is not there, `permission_denied` on a node that may not use it.
  result<weft::space> space(const std::string& name) const;

  /// Who holds a name, and on which node; `not_found` if nobody does. Asks
  /// nobody for a name that this node has looked up before, and hears of its
  /// changes by itself: what is answered may be as old as a message takes.
  template <class Self>
  requires std::derived_from<Self, caf::blocking_actor>
      result<actors::registration> look_up(Self* self, const std::string& name,
                                           duration timeout = default_timeout)
  const {
    if (auto known = known_name(name))
      return *std::move(known);
    return modules::about(
        name, modules::ask<actors::registration>(self, finder(), timeout,
                                                 actors::look_up_name{name}));
  }

  template <class Self, std::invocable<result<actors::registration>> Done>
  void look_up(Self* self, const std::string& name, Done done,
               duration timeout = default_timeout) const {
    if (auto known = known_name(name))
      return done(result<actors::registration>{*std::move(known)});
    modules::ask_then<actors::registration>(
        self, finder(), timeout,
        [name, done](result<actors::registration> answer) mutable {
          done(modules::about(name, std::move(answer)));
        },
        actors::look_up_name{name});
  }

  /// The actor that holds a name ("hello/greeter-1"); `not_found` if none
  /// does. The handle's type is taken on trust, as CAF cannot ask a remote
  /// actor for its interface.
  template <class Handle, class Self>
  requires std::derived_from<Self, caf::blocking_actor> result<Handle>
  find(Self* self, const std::string& name, duration timeout = default_timeout)
  const { return modules::as_handle<Handle>(look_up(self, name, timeout)); }

  template <class Handle, class Self, std::invocable<result<Handle>> Done>
  void find(Self* self, const std::string& name, Done done,
            duration timeout = default_timeout) const {
    look_up(
        self, name,
        [done](result<actors::registration> answer) mutable {
          done(modules::as_handle<Handle>(std::move(answer)));
        },
        timeout);
  }

  /// Like `find`, but waits until an actor other than `predecessor` takes the
  /// name; `timed_out` after `timeout`. To wait for the successor of an actor
  /// that ended, pass its old handle.
  template <class Handle, class Self>
  requires std::derived_from<Self, caf::blocking_actor> result<Handle>
  wait_for(Self* self, const std::string& name, duration timeout,
           const Handle& predecessor = {})
  const {
    const auto waiter =
        make_waiter(self->system(), name, timeout,
                    caf::actor_cast<caf::strong_actor_ptr>(predecessor));
    return modules::as_handle<Handle>(modules::about(
        name, modules::ask<caf::strong_actor_ptr>(
                  self, waiter, timeout + default_timeout, start_atom_v)));
  }

  template <class Handle, class Self, std::invocable<result<Handle>> Done>
  void wait_for(Self* self, const std::string& name, duration timeout,
                Done done, const Handle& predecessor = {}) const {
    const auto waiter =
        make_waiter(self->system(), name, timeout,
                    caf::actor_cast<caf::strong_actor_ptr>(predecessor));
    modules::ask_then<caf::strong_actor_ptr>(
        self, waiter, timeout + default_timeout,
        [name, done](result<caf::strong_actor_ptr> answer) mutable {
          done(modules::as_handle<Handle>(
              modules::about(name, std::move(answer))));
        },
        start_atom_v);
  }

  /// Takes a name for `actor` until it ends: cluster-wide, `already_exists`
  /// when another actor holds it.
  template <class Self, class Handle>
  requires std::derived_from<Self, caf::blocking_actor>
      result<actors::registration>
      register_as(Self* self, const Handle& actor, const std::string& name,
                  duration timeout = default_timeout)
  const {
    return modules::about(
        name, modules::ask<actors::registration>(self, registry(), timeout,
                                                 taking(actor, name)));
  }

  template <class Self, class Handle,
            std::invocable<result<actors::registration>> Done>
  void register_as(Self* self, const Handle& actor, const std::string& name,
                   Done done, duration timeout = default_timeout) const {
    modules::ask_then<actors::registration>(
        self, registry(), timeout,
        [name, done](result<actors::registration> answer) mutable {
          done(modules::about(name, std::move(answer)));
        },
        taking(actor, name));
  }

  /// Keeps a service of this context's tenant in the registry, with its health,
  /// until `actor` ends; through the registry's absence, and as soon as another
  /// one of that name is gone. Fails with `invalid_argument`.
  result<void> offer(caf::actor_system& system,
                     const caf::strong_actor_ptr& actor,
                     offered_service what) const;

  /// A page of the spaces and services of this context's tenant. One alone is
  /// looked up by its `actors::service_name`.
  template <class Self, std::invocable<result<actors::service_page>> Done>
  void discover(Self* self, actors::discover_services what, Done done,
                duration timeout = default_timeout) const {
    what.tenant = tenant_;
    modules::ask_then<actors::service_page>(self, registry(), timeout,
                                            std::move(done), std::move(what));
  }

  template <class Self>
  requires std::derived_from<Self, caf::blocking_actor>
      result<actors::service_page> discover(Self* self,
                                            actors::discover_services what,
                                            duration timeout = default_timeout)
  const {
    what.tenant = tenant_;
    return modules::ask<actors::service_page>(self, registry(), timeout,
                                              std::move(what));
  }

  /// Starts an actor of a registered type on a node, under the supervisor of
  /// its module there; the errors are those of `factory_actor`.
  template <class Self>
  requires std::derived_from<Self, caf::blocking_actor> result<actors::spawned>
  spawn_on(Self* self, const std::string& node, actors::spawn_request what,
           duration timeout = default_timeout)
  const {
    auto factory = factory_of(node);
    if (!factory)
      return pass_on(factory);
    return modules::about(
        what.type + " on " + node,
        modules::ask<actors::spawned>(self, *factory, timeout,
                                      with_id(std::move(what))));
  }

  template <class Self, std::invocable<result<actors::spawned>> Done>
  void spawn_on(Self* self, const std::string& node, actors::spawn_request what,
                Done done, duration timeout = default_timeout) const {
    auto factory = factory_of(node);
    if (!factory)
      return done(result<actors::spawned>{pass_on(factory)});
    const auto label = what.type + " on " + node;
    modules::ask_then<actors::spawned>(
        self, *factory, timeout,
        [label, done](result<actors::spawned> answer) mutable {
          done(modules::about(label, std::move(answer)));
        },
        with_id(std::move(what)));
  }

  /// Linda's eval: starts a function that a module has registered by
  /// `module.active`, in an actor of its own on a node. When it has returned,
  /// its tuple is written to the space, once; when it fails or throws, the
  /// tuple ("eval failed", key, type, code, message) is. Answers when the
  /// actor has started, with the errors of `spawn_on`: wrong arguments and
  /// types are told here. An evaluation whose node dies leaves no tuple;
  /// whoever cannot do without it takes with a time-out and evaluates again.
  template <class Self>
  requires std::derived_from<Self, caf::blocking_actor> result<actors::spawned>
  eval(Self* self, const active_tuple& what, duration timeout = default_timeout)
  const { return spawn_on(self, node_of(what), evaluating(what), timeout); }

  template <class Self, std::invocable<result<actors::spawned>> Done>
  void eval(Self* self, const active_tuple& what, Done done,
            duration timeout = default_timeout) const {
    spawn_on(self, node_of(what), evaluating(what), std::move(done), timeout);
  }

private:
  struct shared;

  context(std::shared_ptr<shared> with, std::string_view module,
          std::string tenant);

  modules::name_waiter make_waiter(caf::actor_system& system,
                                   const std::string& name, duration timeout,
                                   const caf::strong_actor_ptr& not_this) const;

  template <class Handle>
  actors::register_name taking(const Handle& actor,
                               const std::string& name) const {
    return {{name, "", cluster().node,
             caf::actor_cast<caf::strong_actor_ptr>(actor), 0}};
  }

  actors::name_finder finder() const;
  std::optional<actors::registration> known_name(const std::string& name) const;

  std::string node_of(const active_tuple& what) const {
    return what.node.empty() ? cluster().node : what.node;
  }
  actors::spawn_request evaluating(const active_tuple& what) const;

  /// Gives the request this context's tenant, and an id of its own unless the
  /// caller chose one.
  actors::spawn_request with_id(actors::spawn_request what) const;

  std::shared_ptr<shared> shared_;
  std::string tenant_ = "default";
  observe::logger log_;
};

} // namespace weft
