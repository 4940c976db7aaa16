#include "actors/space/space_shard.hpp"

#include "actors/space/local_users.hpp"
#include "actors/space/packets.hpp"
#include "actors/space/watched_users.hpp"
#include "runtime/caf/error.hpp"
#include "spaces/session_binary.hpp"
#include "spaces/shard_core.hpp"

#include <fmt/core.h>

#include <limits>
#include <map>

namespace weft::actors {

namespace {

using spaces::call_number;
using shard_pointer = space_shard_actor::stateful_pointer<struct shard_state>;

/// Users of the shard's own node are one session.
constexpr std::uint64_t home = 0;

/// Replies are as many as calls, and those are bounded by their client.
spaces::link_options link_of_replies() {
  spaces::link_options options;
  options.items_max = std::numeric_limits<std::size_t>::max();
  options.bytes_max = options.items_max;
  return options;
}

struct shard_session {
  std::uint64_t key = 0;
  caf::strong_actor_ptr client;
  bool is_local = false;
  bool away = false;
  /// Times that it was away.
  std::uint64_t absences = 0;
  spaces::session_link<spaces::session_reply, spaces::session_call> link{
      link_of_replies()};
  packet_assembly assembly;
};

struct shard_state {
  static inline const char* name = "weft.space_shard";

  shard_options options;
  std::unique_ptr<spaces::shard_core> core;
  std::map<std::uint64_t, shard_session> sessions;
  std::map<caf::actor_addr, std::uint64_t> session_of;
  std::uint64_t next_session = home + 1;
  local_users users;
  watched_users watched;
  monitors ends;
  bool flushes_soon = false;
  alarm timer;
};

spaces::time_point now_of(shard_pointer self) {
  return spaces::time_point{steady_now(self)};
}

void flush(shard_pointer self);

void send_frames(shard_pointer self, shard_session& to) {
  if (to.away)
    return;
  const auto shard = state(self).options.shard;
  while (auto frame = to.link.next_frame(now_of(self))) {
    const auto client = caf::actor_cast<space_client_actor>(to.client);
    if (to.is_local)
      send(self, client, local_reply_frame{to.key, shard, *std::move(frame)});
    else
      cut_into_packets(to.key, shard, spaces::to_binary(*frame),
                       [&](session_packet packet) {
                         send(self, client, std::move(packet));
                       });
  }
}

void reply_to(shard_session& session, call_number number,
              spaces::any_reply what) {
  const auto bytes = spaces::content_bytes(what);
  session.link.push({number, std::move(what)}, bytes);
}

void deliver(shard_pointer self, spaces::shard_core::late_reply& late) {
  auto& mine = state(self);
  if (late.to.session != home) {
    const auto found = mine.sessions.find(late.to.session);
    if (found != mine.sessions.end())
      reply_to(found->second, late.number, std::move(late.what));
    return;
  }
  mine.users.answer(
      late.to.user, late.number,
      spaces::answer_of(mine.options.shard, std::move(late.what)));
}

void set_alarm(shard_pointer self) {
  auto& mine = state(self);
  auto first = mine.core->next_deadline();
  for (const auto& [id, session] : mine.sessions)
    if (const auto due = session.link.next_deadline();
        due && !session.away && (!first || *due < *first))
      first = due;
  if (first)
    mine.timer.set(self, first->time_since_epoch(), [self] {
      auto& here = state(self);
      here.core->advance(now_of(self));
      for (auto& [id, session] : here.sessions)
        session.link.advance(now_of(self));
      flush(self);
    });
}

/// Sends what the core has to say, and sets the clock for what comes later.
void flush(shard_pointer self) {
  auto& mine = state(self);
  while (auto late = mine.core->next_reply())
    deliver(self, *late);
  for (auto& [id, session] : mine.sessions)
    send_frames(self, session);
  set_alarm(self);
}

/// The same once the messages that wait are dealt with, so that replies travel
/// together.
void flush_soon(shard_pointer self) {
  if (std::exchange(state(self).flushes_soon, true))
    return;
  send(self, caf::actor_cast<hopping_actor>(self), hop{[self] {
         state(self).flushes_soon = false;
         flush(self);
       }});
}

void drop_local_user(shard_pointer self, std::uint64_t user) {
  auto& mine = state(self);
  mine.users.forget(user);
  mine.watched.forget(user);
  mine.core->drop_user({home, user}, now_of(self));
}

void on_local_call(shard_pointer self, const local_calls& by, local_call& call,
                   spaces::time_point now) {
  auto& mine = state(self);
  if (std::holds_alternative<spaces::call::leave>(call.what))
    return drop_local_user(self, by.user);
  if (const auto* stop = std::get_if<spaces::call::stop>(&call.what))
    mine.users.forget(by.user, stop->of);
  auto reply = mine.core->submit({home, by.user}, call.number,
                                 std::move(call.what), now);
  if (reply)
    by.to->answer(call.index,
                  spaces::answer_of(mine.options.shard, *std::move(reply)));
  else
    mine.users.expect(by, call);
}

void on_local_calls(shard_pointer self, local_calls& calls) {
  auto& mine = state(self);
  const auto now = now_of(self);
  mine.core->prefetch(calls.calls);
  for (auto& each : calls.calls)
    on_local_call(self, calls, each, now);
  if (mine.core->knows({home, calls.user}))
    mine.watched.watch(self, mine.ends, calls, [self, user = calls.user] {
      drop_local_user(self, user);
      flush(self);
    });
  flush(self);
}

void end_session(shard_pointer self, std::uint64_t id) {
  auto& mine = state(self);
  const auto found = mine.sessions.find(id);
  if (found == mine.sessions.end())
    return;
  mine.session_of.erase(caf::actor_cast<caf::actor_addr>(found->second.client));
  mine.sessions.erase(found);
  mine.core->drop_session(id, now_of(self));
}

/// The client's node is not reached: it may come back within the grace.
void put_away(shard_pointer self, std::uint64_t id) {
  auto& mine = state(self);
  const auto found = mine.sessions.find(id);
  if (found == mine.sessions.end())
    return;
  found->second.away = true;
  const auto absence = ++found->second.absences;
  const auto grace = found->second.is_local ? std::chrono::nanoseconds{0}
                                            : mine.options.session_grace;
  run_after(self, grace, [self, id, absence] {
    const auto& sessions = state(self).sessions;
    const auto left = sessions.find(id);
    if (left == sessions.end() || !left->second.away
        || left->second.absences != absence)
      return;
    end_session(self, id);
    flush(self);
  });
}

/// The news that a client is gone may be older than its last `open_session`,
/// from a connection before. Asked again, CAF tells at once what is true.
void watch_client(shard_pointer self, std::uint64_t id) {
  const auto client = state(self).sessions.at(id).client;
  state(self).ends.watch(self, client, [self, id](const caf::error&) {
    const auto& sessions = state(self).sessions;
    if (const auto found = sessions.find(id); found != sessions.end())
      state(self).ends.watch(
          self, found->second.client,
          [self, id](const caf::error&) { put_away(self, id); });
  });
}

caf::result<bool> on_open(shard_pointer self, const open_session& what) {
  auto& mine = state(self);
  // The node that it is judged by is the sender's, whatever a message says.
  if (!what.client || what.client != self->current_sender())
    return to_caf(
        {errc::invalid_argument, "a session is opened by its client"});
  const auto node = what.client->node();
  const auto& may_use = mine.options.may_use;
  if (may_use ? !may_use(node) : node != self->node())
    return to_caf(
        {errc::permission_denied, fmt::format("the node may not use the space "
                                              "{}",
                                              mine.options.space)});
  const auto address = caf::actor_cast<caf::actor_addr>(what.client);
  auto known = mine.session_of.find(address);
  const bool goes_on = known != mine.session_of.end()
                       && mine.sessions.at(known->second).key == what.session;
  if (known != mine.session_of.end() && !goes_on)
    end_session(self, known->second);
  if (!goes_on && what.resumes) {
    flush(self);
    return false;
  }
  if (!goes_on)
    known = mine.session_of.emplace(address, mine.next_session++).first;
  auto& session = mine.sessions[known->second];
  session.key = what.session;
  // Of the present connection.
  session.client = what.client;
  session.is_local = node == self->node();
  session.away = false;
  session.link.resend();
  watch_client(self, known->second);
  flush(self);
  return goes_on;
}

void on_call_frame(shard_pointer self, std::uint64_t id,
                   spaces::call_frame frame) {
  auto& mine = state(self);
  auto& session = mine.sessions.at(id);
  const auto now = now_of(self);
  auto calls = spaces::items_of(session.link.receive(std::move(frame), now));
  mine.core->prefetch(calls);
  for (auto& each : calls)
    if (auto reply = mine.core->submit({id, each.user}, each.number,
                                       std::move(each.what), now))
      reply_to(session, each.number, *std::move(reply));
  flush_soon(self);
}

/// The session that the sender of the present message has with the shard; the
/// sender is told when there is none.
std::optional<std::uint64_t> session_of_sender(shard_pointer self,
                                               std::uint64_t key) {
  const auto& mine = state(self);
  const auto& sender = self->current_sender();
  const auto found =
      mine.session_of.find(caf::actor_cast<caf::actor_addr>(sender));
  if (found != mine.session_of.end()
      && mine.sessions.at(found->second).key == key)
    return found->second;
  if (sender)
    send(self, caf::actor_cast<space_client_actor>(sender),
         session_packet{key, mine.options.shard, 0, 0, ""});
  return std::nullopt;
}

void on_call_packet(shard_pointer self, session_packet& packet) {
  const auto id = session_of_sender(self, packet.session);
  if (!id)
    return;
  const auto bytes = state(self).sessions.at(*id).assembly.add(packet);
  if (bytes && !*bytes)
    return;
  if (bytes)
    if (auto frame = spaces::call_frame_from_binary(**bytes))
      return on_call_frame(self, *id, *std::move(frame));
  // Its calls would never be answered.
  end_session(self, *id);
  flush(self);
  static_cast<void>(session_of_sender(self, packet.session));
}

space_shard_actor::behavior_type shard(shard_pointer self,
                                       shard_options options) {
  auto& mine = state(self);
  mine.options = std::move(options);
  mine.core = std::make_unique<spaces::shard_core>(mine.options.limits,
                                                   mine.options.seed);
  return {
      [self](local_calls& calls) { on_local_calls(self, calls); },
      [self](const open_session& what) { return on_open(self, what); },
      [self](session_packet& packet) { on_call_packet(self, packet); },
      [self](const local_call_frame& what) {
        if (const auto id = session_of_sender(self, what.session))
          on_call_frame(self, *id, what.frame);
      },
      [](const hop& what) { what.run(); },
  };
}

} // namespace

space_shard_actor spawn_space_shard(caf::actor_system& system,
                                    shard_options options) {
  return system.spawn(shard, std::move(options));
}

} // namespace weft::actors
