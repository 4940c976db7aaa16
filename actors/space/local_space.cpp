#include "actors/space/local_space.hpp"

#include "actors/space/space_client.hpp"
#include "actors/space/space_shard.hpp"

#include <random>

namespace weft {

namespace {

/// Doors whose actors end with them.
struct owned_doors {
  explicit owned_doors(actors::space_doors made) : doors{std::move(made)} {}
  ~owned_doors() {
    const auto end = [](const auto& actor) {
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    };
    end(doors.client->get());
    for (const auto& each : doors.local)
      end(each->get());
  }

  actors::space_doors doors;
};

} // namespace

space start_local_space(caf::actor_system& system,
                        const local_space_options& options) {
  std::random_device random;
  actors::space_client_options client;
  client.space = options.name;
  client.where =
      spaces::routing{options.shards, options.routing_fields, options.rule};
  const auto clients = std::make_shared<slot<actors::space_client_actor>>();
  actors::space_doors doors{options.name, client.where, {}, clients};
  for (std::size_t i = 0; i < options.shards; ++i) {
    actors::shard_options shard;
    shard.space = options.name;
    shard.shard = static_cast<std::uint32_t>(i);
    shard.limits = options.limits;
    shard.seed = (std::uint64_t{random()} << 32) | random();
    const auto actor = actors::spawn_space_shard(system, std::move(shard));
    doors.local.push_back(std::make_shared<slot<actors::space_shard_actor>>());
    doors.local.back()->set(actor);
    client.shards.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
  }
  clients->set(actors::spawn_space_client(system, std::move(client)));
  const auto owned = std::make_shared<owned_doors>(std::move(doors));
  return space{
      std::shared_ptr<const actors::space_doors>{owned, &owned->doors}};
}

} // namespace weft
