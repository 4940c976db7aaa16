#include "runtime/node/node_tree.hpp"

#include "actors/ecosystem/factory.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/node/child_start.hpp"
#include "runtime/node/factory_seams.hpp"
#include "runtime/node/space_children.hpp"
#include "runtime/node/start_waiter.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace weft {

namespace {

using namespace std::chrono_literals;
using supervision::child_spec;

/// How long a starting node waits for the registry before it starts its
/// actors; they are registered later then.
constexpr auto registry_patience = 5s;

supervision::supervisor_policy policy_of(const config::restart_options& from) {
  supervision::supervisor_policy policy;
  policy.intensity = from.intensity;
  policy.period = from.period;
  policy.backoff.first = from.backoff.first;
  policy.backoff.max = from.backoff.max;
  policy.backoff.factor = from.backoff.factor;
  return policy;
}

template <class Handle>
caf::strong_actor_ptr pointer_to(const Handle& handle) {
  return caf::actor_cast<caf::strong_actor_ptr>(handle);
}

/// By the cluster file and the verified names of connected nodes.
actors::tenant_rights
tenant_rights_on(const std::shared_ptr<node_services>& services,
                 const caf::node_id& here) {
  return [services, here](const caf::node_id& who, std::string_view tenant) {
    return may_use_tenant(*services->options,
                          who == here ? services->name
                                      : services->directory->name_of(who),
                          std::string{tenant});
  };
}

child_spec below(supervision::supervisor_options options,
                 const node_services& services) {
  return supervision::supervisor_child(std::move(options),
                                       supervision::restart_kind::permanent,
                                       services.start_timeout());
}

child_spec registry_child(const tree_parts& parts) {
  child_spec child;
  child.id = "registry";
  child.start = supervision::start_now(
      [services = parts.services](caf::event_based_actor& supervisor) {
        auto& system = supervisor.system();
        const auto registry = actors::spawn_registry(
            system, {}, tenant_rights_on(services, system.node()));
        services->publish_registry(registry);
        return pointer_to(registry);
      });
  return child;
}

child_spec names_child(const tree_parts& parts) {
  child_spec child;
  child.id = "names";
  child.start = supervision::start_now(
      [services = parts.services](caf::event_based_actor& supervisor) {
        return pointer_to(actors::spawn_name_keeper(
            supervisor.system(),
            [services] { return services->directory->registry(); },
            services->names));
      });
  return child;
}

child_spec finder_child(const tree_parts& parts) {
  child_spec child;
  child.id = "finder";
  child.start = supervision::start_now(
      [services = parts.services](caf::event_based_actor& supervisor) {
        const auto finder = actors::spawn_name_finder(
            supervisor.system(),
            [services] { return services->directory->registry(); },
            services->known);
        services->finder.set(finder);
        return pointer_to(finder);
      });
  return child;
}

child_spec factory_child(const tree_parts& parts) {
  child_spec child;
  child.id = "factory";
  actors::factory_options options;
  options.node = parts.services->name;
  options.start_timeout = parts.services->start_timeout();
  child.start = supervision::start_now(
      [services = parts.services, where = parts.where, options,
       memory = actors::make_factory_memory(options)](
          caf::event_based_actor& supervisor) {
        auto& system = supervisor.system();
        const auto factory = actors::spawn_factory(
            system, options, make_factory_seams(system, services, where),
            services->names, memory);
        services->publish_factory(factory);
        return pointer_to(factory);
      });
  return child;
}

/// The node is what its membership says of it to others; without one it cannot
/// go on, and ends.
child_spec membership_child(const tree_parts& parts) {
  child_spec child;
  child.id = "membership";
  child.restart = supervision::restart_kind::temporary;
  child.significant = true;
  child.start = [services = parts.services, start = parts.start_membership](
                    caf::event_based_actor&, supervision::start_done done) {
    auto handles = start();
    if (!handles)
      return done(pass_on(handles));
    services->membership.set(handles->members);
    done(pointer_to(handles->members));
  };
  return child;
}

/// Not an actor: keeps the children behind it waiting until names can be
/// registered, the node stops, or for `registry_patience`.
child_spec registry_gate(const tree_parts& parts) {
  child_spec child;
  child.id = "registry-gate";
  child.restart = supervision::restart_kind::temporary;
  child.start = [services = parts.services](caf::event_based_actor& supervisor,
                                            supervision::start_done done) {
    const auto open =
        await_start(supervisor, registry_patience, [done](const result<void>&) {
          done(caf::strong_actor_ptr{});
        });
    services->directory->when_registry([open] { open({}); });
    services->stopping.when_set([open] { open({}); });
  };
  return child;
}

child_spec module_child(const tree_parts& parts, const std::string& module) {
  const auto& services = parts.services;
  supervision::supervisor_options options;
  options.path = fmt::format("{}/{}", services->name, module);
  options.policy = policy_of(services->options->supervision);
  options.observer = parts.observer;
  for (const auto& actor : services->options->actors)
    if (actor.node == services->name && actor.type.starts_with(module + "."))
      options.children.push_back(file_actor(services, actor, parts.where));
  return keeping(below(std::move(options), *services),
                 services->modules[module]);
}

child_spec jobs_child(const tree_parts& parts) {
  supervision::supervisor_options options;
  options.path = parts.services->name + "/jobs";
  options.observer = parts.observer;
  return keeping(below(std::move(options), *parts.services),
                 parts.services->jobs);
}

child_spec cluster_child(const tree_parts& parts) {
  const auto& services = parts.services;
  actors::cluster_supervisor_options options;
  options.path = services->name + "/cluster";
  options.self = services->name;
  for (const auto& node : services->options->nodes)
    if (node.name != services->name)
      options.nodes.push_back(node.name);
  options.policy = policy_of(services->options->launcher.restart);
  options.ready_timeout = services->options->launcher.ready_timeout;
  options.observer = parts.observer;
  return actors::cluster_supervisor_child(
      std::move(options), parts.starter,
      [services] { return services->membership.get(); }, parts.cluster);
}

} // namespace

supervision::supervisor_options make_tree(const tree_parts& parts) {
  const auto& services = *parts.services;
  supervision::supervisor_options root;
  root.path = services.name;
  root.policy = policy_of(services.options->supervision);
  root.policy.auto_shutdown = supervision::auto_shutdown::any_significant;
  root.observer = parts.observer;
  auto& children = root.children;
  if (services.is_first())
    children.push_back(registry_child(parts));
  children.push_back(names_child(parts));
  children.push_back(finder_child(parts));
  children.push_back(factory_child(parts));
  children.push_back(membership_child(parts));
  if (!services.is_first())
    children.push_back(registry_gate(parts));
  if (!services.spaces->empty())
    children.push_back(spaces_child(parts.services, parts.observer));
  for (const auto& [module, definition] : services.types->modules())
    children.push_back(module_child(parts, module));
  if (services.is_first())
    children.push_back(jobs_child(parts));
  if (services.is_first() && services.options->nodes.size() > 1)
    children.push_back(cluster_child(parts));
  return root;
}

} // namespace weft
