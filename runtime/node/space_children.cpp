#include "runtime/node/space_children.hpp"

#include "actors/registry/service_keeper_actor.hpp"
#include "actors/space/space_client.hpp"
#include "actors/space/space_shard.hpp"
#include "runtime/node/child_start.hpp"
#include "runtime/node/space_entry.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <random>

namespace weft {

namespace {

using supervision::child_spec;

std::string registered_prefix(const config::space_options& space) {
  return "space/" + full_name(space);
}

/// "heat.0"; "2.heat.0" when its name is not enough, because another tenant's
/// space has the same, it is too long for an id, or begins like a number.
std::string child_id(const space_table& all, const space_table::entry& of,
                     std::string_view part) {
  constexpr std::size_t name_max = 40;
  const auto& name = of.options.name;
  const auto is_same = [&name](const auto& each) {
    return each.options.name == name;
  };
  const bool enough = name.size() <= name_max
                      && (name.front() < '0' || name.front() > '9')
                      && std::ranges::count_if(all.entries(), is_same) == 1;
  if (enough)
    return fmt::format("{}.{}", name, part);
  return fmt::format("{}.{}.{}", &of - all.entries().data(),
                     name.substr(0, name_max), part);
}

using shared_count = std::shared_ptr<std::atomic<std::size_t>>;

child_spec client_child(const std::shared_ptr<node_services>& services,
                        const space_table::entry& of,
                        const shared_count& reached) {
  actors::space_client_options options;
  options.space = full_name(of.options);
  options.name_prefix = registered_prefix(of.options);
  options.where = of.doors->where;
  options.reached = reached;
  options.find_registry = [services] {
    return services->directory->registry();
  };
  child_spec child;
  child.id = child_id(*services->spaces, of, "client");
  child.start = supervision::start_now([options, client = of.doors->client](
                                           caf::event_based_actor& supervisor) {
    const auto actor = actors::spawn_space_client(supervisor.system(), options);
    client->set(actor);
    return caf::actor_cast<caf::strong_actor_ptr>(actor);
  });
  return child;
}

/// Keeps the space in the registry.
child_spec entry_child(const std::shared_ptr<node_services>& services,
                       const space_table::entry& of,
                       const shared_count& reached) {
  actors::service_offer offer;
  offer.what = entry_of(of, services->name);
  offer.report = [reached, shards = of.carriers.size(),
                  was_whole = false]() mutable {
    const auto now = reached->load(std::memory_order_relaxed);
    was_whole = was_whole || now >= shards;
    return actors::service_report{health_of_space(now, shards, was_whole), 0,
                                  0};
  };
  offer.find_registry = [services] { return services->directory->registry(); };
  child_spec child;
  child.id = child_id(*services->spaces, of, "entry");
  child.start =
      supervision::start_now([offer](caf::event_based_actor& supervisor) {
        return caf::actor_cast<caf::strong_actor_ptr>(
            actors::spawn_service_keeper(supervisor.system(), offer));
      });
  return child;
}

std::uint64_t random_seed() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

actors::shard_options
shard_options_of(const std::shared_ptr<node_services>& services,
                 const config::space_options& space, std::size_t shard) {
  actors::shard_options options;
  options.space = full_name(space);
  options.shard = static_cast<std::uint32_t>(shard);
  options.limits.tuples_max = space.max_tuples;
  options.limits.content_bytes_max = space.max_bytes;
  options.may_use = [services, tenant = space.tenant](const caf::node_id& who) {
    return may_use_tenant(*services->options, services->directory->name_of(who),
                          tenant);
  };
  return options;
}

child_spec shard_child(const std::shared_ptr<node_services>& services,
                       const space_table::entry& of, std::size_t shard) {
  actors::registration named;
  named.name = fmt::format("{}/{}", registered_prefix(of.options), shard);
  named.type = "weft.space_shard";
  named.node = services->name;
  child_spec child;
  child.id = child_id(*services->spaces, of, std::to_string(shard));
  child.start_timeout = services->start_timeout();
  child.start = [services, named, here = of.doors->local[shard],
                 options = shard_options_of(services, of.options, shard)](
                    caf::event_based_actor& supervisor,
                    supervision::start_done done) {
    auto with = options;
    with.seed = random_seed();
    const auto actor =
        actors::spawn_space_shard(supervisor.system(), std::move(with));
    here->set(actor);
    auto what = named;
    what.actor = caf::actor_cast<caf::strong_actor_ptr>(actor);
    name_and_finish(supervisor, *services, std::move(what), done);
  };
  return child;
}

} // namespace

child_spec
spaces_child(const std::shared_ptr<node_services>& services,
             const std::function<void(const supervision::supervision_event&)>&
                 observer) {
  supervision::supervisor_options options;
  options.path = services->name + "/spaces";
  options.observer = observer;
  for (const auto& each : services->spaces->entries()) {
    const auto reached = std::make_shared<std::atomic<std::size_t>>(0);
    options.children.push_back(client_child(services, each, reached));
    if (each.carriers.front() == services->name)
      options.children.push_back(entry_child(services, each, reached));
    for (std::size_t shard = 0; shard < each.carriers.size(); ++shard)
      if (each.carriers[shard] == services->name)
        options.children.push_back(shard_child(services, each, shard));
  }
  return supervision::supervisor_child(std::move(options),
                                       supervision::restart_kind::permanent,
                                       services->start_timeout());
}

} // namespace weft
