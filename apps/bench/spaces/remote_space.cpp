#include "apps/bench/spaces/remote_space.hpp"

#include "actors/space/space_client.hpp"
#include "actors/space/space_shard.hpp"
#include "apps/bench/bench_system.hpp"

#include <utility>

namespace weft::bench {

namespace {

constexpr const char* space_name = "bench";

} // namespace

result<void> serve_shard(const certificates& proof,
                         const ready_callback& ready) {
  const end_signals ends;
  bench_config config{answering_node};
  caf::actor_system system{config};
  actors::shard_options options;
  options.space = space_name;
  // Whoever has the bench's certificates.
  options.may_use = [](const caf::node_id&) { return true; };
  const auto shard = actors::spawn_space_shard(system, options);
  auto served =
      serve(system, proof, caf::actor_cast<caf::strong_actor_ptr>(shard), ends,
            ready);
  caf::anon_send_exit(shard, caf::exit_reason::user_shutdown);
  return served;
}

remote_space::remote_space(caf::actor_system& system, connection to)
    : connection_{std::move(to)} {
  actors::space_client_options options;
  options.space = space_name;
  options.shards = {connection_.entry()};
  const auto client = actors::spawn_space_client(system, options);
  auto doors = std::make_shared<actors::space_doors>(
      actors::space_doors{space_name, options.where, {nullptr}, {}});
  doors->client = std::make_shared<slot<actors::space_client_actor>>();
  doors->client->set(client);
  doors_ = std::move(doors);
  handle_.emplace(doors_);
}

remote_space::~remote_space() {
  if (!doors_)
    return;
  handle_.reset();
  caf::anon_send_exit(doors_->client->get(), caf::exit_reason::user_shutdown);
}

result<remote_space> remote_space::make(caf::actor_system& system,
                                        const certificates& proof,
                                        std::uint16_t port) {
  auto to = connection::make(system, proof, port);
  if (!to)
    return pass_on(to);
  return remote_space{system, std::move(*to)};
}

} // namespace weft::bench
