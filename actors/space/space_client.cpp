#include "actors/space/space_client.hpp"

#include "actors/space/packets.hpp"
#include "actors/space/watched_users.hpp"
#include "runtime/caf/error.hpp"
#include "spaces/session_binary.hpp"

#include <charconv>
#include <random>

namespace weft::actors {

namespace {

using namespace std::chrono_literals;
using client_pointer =
    space_client_actor::stateful_pointer<struct space_client_state>;

constexpr auto request_timeout = 2s;
constexpr auto retry_after = 200ms;

/// How one shard is reached.
struct shard_way {
  caf::strong_actor_ptr shard;
  packet_assembly assembly;
};

struct space_client_state {
  static inline const char* name = "weft.space_client";

  space_client_options options;
  std::unique_ptr<spaces::client_core> core;
  std::vector<shard_way> ways;
  watched_users watched;
  /// The sessions of this incarnation are distinct from all others'.
  std::uint64_t nonce = 0;
  monitors ends;
  bool flushes_soon = false;
  /// The one that was asked last; nobody else is believed about names.
  caf::strong_actor_ptr registry;
  alarm timer;
};

spaces::time_point client_now(client_pointer self) {
  return spaces::time_point{steady_now(self)};
}

void client_flush(client_pointer self);

/// Says how many shards are reached, after that may have changed.
void count_reached(client_pointer self) {
  const auto& mine = state(self);
  if (!mine.options.reached)
    return;
  std::size_t reached = 0;
  for (std::size_t i = 0; i < mine.ways.size(); ++i)
    reached += mine.core->is_up(i) ? 1 : 0;
  mine.options.reached->store(reached, std::memory_order_relaxed);
}

std::uint64_t session_key(client_pointer self, std::size_t shard) {
  const auto& mine = state(self);
  return mine.nonce + mine.core->session_with(shard);
}

void carry_out(client_pointer self, spaces::client_effect::send& what) {
  const auto& way = state(self).ways[what.shard];
  const auto to = caf::actor_cast<space_shard_actor>(way.shard);
  const auto key = session_key(self, what.shard);
  if (way.shard->node() == self->node())
    return send(self, to, local_call_frame{key, std::move(what.frame)});
  cut_into_packets(key, static_cast<std::uint32_t>(what.shard),
                   spaces::to_binary(what.frame), [&](session_packet packet) {
                     send(self, to, std::move(packet));
                   });
}

void carry_out(client_pointer, spaces::client_effect::answered& what) {
  if (what.address.to)
    static_cast<answer_port*>(what.address.to.get())
        ->answer(what.address.index, std::move(what.answer));
}

void client_flush(client_pointer self) {
  auto& mine = state(self);
  const auto now = client_now(self);
  while (auto effect = mine.core->next_effect(now))
    std::visit([self](auto& what) { carry_out(self, what); }, *effect);
  if (const auto first = mine.core->next_deadline())
    mine.timer.set(self, first->time_since_epoch(), [self] {
      state(self).core->advance(client_now(self));
      client_flush(self);
    });
}

/// The same once the messages that wait are dealt with, so that what they bring
/// travels together.
void client_flush_soon(client_pointer self) {
  if (std::exchange(state(self).flushes_soon, true))
    return;
  send(self, caf::actor_cast<hopping_actor>(self), hop{[self] {
         state(self).flushes_soon = false;
         client_flush(self);
       }});
}

void drop_user(client_pointer self, std::uint64_t user) {
  auto& mine = state(self);
  mine.watched.forget(user);
  mine.core->drop_user(user, client_now(self));
}

void on_call(client_pointer self, const local_calls& by, local_call& call,
             spaces::time_point now) {
  auto& mine = state(self);
  if (std::holds_alternative<spaces::call::leave>(call.what))
    return drop_user(self, by.user);
  mine.core->submit(by.user, call.number, std::move(call.what), call.shard, now,
                    {by.to, call.index});
}

void on_calls(client_pointer self, local_calls& calls) {
  auto& mine = state(self);
  const auto now = client_now(self);
  for (auto& each : calls.calls)
    on_call(self, calls, each, now);
  if (mine.core->knows(calls.user))
    mine.watched.watch(self, mine.ends, calls, [self, user = calls.user] {
      drop_user(self, user);
      client_flush(self);
    });
  client_flush_soon(self);
}

void connect(client_pointer self, std::size_t shard);

void connect_later(client_pointer self, std::size_t shard,
                   const caf::strong_actor_ptr& to) {
  run_after(self, retry_after, [self, shard, to] {
    if (state(self).ways[shard].shard == to)
      connect(self, shard);
  });
}

void on_opened(client_pointer self, std::size_t shard,
               const caf::strong_actor_ptr& to, std::uint64_t key, bool known) {
  auto& mine = state(self);
  if (mine.ways[shard].shard != to)
    return;
  // It was given up meanwhile.
  if (key != session_key(self, shard))
    return connect(self, shard);
  mine.core->on_up(shard, known, client_now(self));
  count_reached(self);
  client_flush(self);
  // It was lost, and another one is to begin.
  if (key != session_key(self, shard))
    connect(self, shard);
}

/// Begins or goes on with the session with a shard.
void connect(client_pointer self, std::size_t shard) {
  auto& mine = state(self);
  const auto to = mine.ways[shard].shard;
  const auto key = session_key(self, shard);
  mine.ends.watch(self, to, [self, shard, to](const auto&) {
    auto& way = state(self).ways[shard];
    if (way.shard != to)
      return;
    state(self).core->on_away(shard, client_now(self));
    count_reached(self);
    client_flush(self);
  });
  request(self, caf::actor_cast<space_shard_actor>(to), request_timeout,
          open_session{key, mine.core->resumes(shard),
                       caf::actor_cast<caf::strong_actor_ptr>(self)})
      .then([self, shard, to,
             key](bool known) { on_opened(self, shard, to, key, known); },
            [self, shard, to](const caf::error&) {
              connect_later(self, shard, to);
            });
}

std::optional<std::size_t> shard_named(const space_client_options& options,
                                       std::string_view name) {
  const auto head = options.name_prefix.size() + 1;
  if (name.size() <= head || !name.starts_with(options.name_prefix)
      || name[head - 1] != '/')
    return std::nullopt;
  std::size_t shard = 0;
  const auto read =
      std::from_chars(name.data() + head, name.data() + name.size(), shard);
  if (read.ec != std::errc{} || read.ptr != name.data() + name.size()
      || shard >= options.where.shards())
    return std::nullopt;
  return shard;
}

void on_shard(client_pointer self, std::size_t shard,
              const caf::strong_actor_ptr& actor) {
  auto& mine = state(self);
  auto& way = mine.ways[shard];
  const bool same = way.shard == actor;
  if (same && mine.core->is_up(shard))
    return;
  if (!same && mine.core->is_up(shard))
    mine.core->on_away(shard, client_now(self));
  way.shard = actor;
  way.assembly = {};
  count_reached(self);
  connect(self, shard);
}

void on_name(client_pointer self, const name_event& event) {
  const auto& mine = state(self);
  if (!mine.registry || self->current_sender() != mine.registry)
    return;
  const auto shard = shard_named(mine.options, event.what.name);
  if (shard && event.added && event.what.actor)
    on_shard(self, *shard, event.what.actor);
}

void follow_registry(client_pointer self);

void follow_registry_later(client_pointer self) {
  run_after(self, retry_after, [self] { follow_registry(self); });
}

/// Subscribes to the names of the shards, and again with each registry that
/// follows this one.
void follow_registry(client_pointer self) {
  auto& mine = state(self);
  const auto registry = mine.options.find_registry();
  if (!registry)
    return follow_registry_later(self);
  mine.registry = caf::actor_cast<caf::strong_actor_ptr>(registry);
  request(self, registry, request_timeout,
          watch_names{mine.options.name_prefix + "/",
                      caf::actor_cast<caf::strong_actor_ptr>(self)})
      .then(
          [self, registry](std::uint64_t) {
            state(self).ends.watch(self, registry, [self](const caf::error&) {
              follow_registry_later(self);
            });
          },
          [self](const caf::error&) { follow_registry_later(self); });
}

/// The way of a session's shard, if the session is the present one.
bool is_present(client_pointer self, std::uint64_t key, std::uint32_t shard) {
  return shard < state(self).ways.size() && key == session_key(self, shard);
}

void on_reply_frame(client_pointer self, std::uint32_t shard,
                    spaces::reply_frame frame) {
  state(self).core->on_frame(shard, std::move(frame), client_now(self));
  client_flush_soon(self);
}

void on_reply_packet(client_pointer self, session_packet& packet) {
  if (!is_present(self, packet.session, packet.shard))
    return;
  const auto shard = packet.shard;
  if (packet.parts == 0)
    return connect(self, shard);
  const auto bytes = state(self).ways[shard].assembly.add(packet);
  if (bytes && !*bytes)
    return;
  if (bytes)
    if (auto frame = spaces::reply_frame_from_binary(**bytes))
      return on_reply_frame(self, shard, *std::move(frame));
  // What it answered will not come again: as if the shard had forgotten it.
  state(self).core->on_up(shard, false, client_now(self));
  client_flush(self);
  connect(self, shard);
}

space_client_actor::behavior_type space_client(client_pointer self,
                                               space_client_options options) {
  auto& mine = state(self);
  mine.options = std::move(options);
  mine.core = std::make_unique<spaces::client_core>(mine.options.where,
                                                    mine.options.client);
  mine.ways.resize(mine.options.where.shards());
  count_reached(self);
  std::random_device random;
  mine.nonce = (std::uint64_t{random()} << 32) + random();
  if (mine.options.find_registry)
    follow_registry(self);
  for (std::size_t i = 0; i < mine.options.shards.size(); ++i)
    on_shard(self, i, mine.options.shards[i]);
  return {
      [self](local_calls& calls) { on_calls(self, calls); },
      [self](session_packet& packet) { on_reply_packet(self, packet); },
      [self](const local_reply_frame& what) {
        if (is_present(self, what.session, what.shard))
          on_reply_frame(self, what.shard, what.frame);
      },
      [self](const name_event& event) { on_name(self, event); },
      [](const hop& what) { what.run(); },
  };
}

} // namespace

space_client_actor spawn_space_client(caf::actor_system& system,
                                      space_client_options options) {
  return system.spawn(space_client, std::move(options));
}

} // namespace weft::actors
