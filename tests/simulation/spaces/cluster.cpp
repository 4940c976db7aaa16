#include "tests/simulation/spaces/cluster.hpp"

#include "spaces/session_binary.hpp"

namespace weft::spaces::simulation {

namespace {

constexpr duration open_again = std::chrono::milliseconds{20};

/// Distinct for each session of each life of a node.
std::uint64_t session_key(std::uint64_t node_life, std::uint64_t session) {
  return node_life << 32 | session;
}

call_frame through_bytes(const call_frame& what) {
  return call_frame_from_binary(to_binary(what)).value();
}

reply_frame through_bytes(const reply_frame& what) {
  return reply_frame_from_binary(to_binary(what)).value();
}

} // namespace

cluster::cluster(virtual_time& time, const cluster_options& options,
                 observer& told)
    : time_{time}, options_{options}, told_{told}, where_{options.shards, {0}},
      nodes_(options.nodes), shards_(options.shards),
      ways_(options.nodes * options.shards) {
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    start_shard(shard);
  for (std::size_t node = 0; node < nodes_.size(); ++node)
    start_node(node);
}

void cluster::start_shard(std::size_t shard) {
  auto& mine = shards_[shard];
  const bool same = options_.planted == bug::claims_outlive_shard;
  mine.core = std::make_unique<shard_core>(space_options{},
                                           same ? 1 : time_.below(~0ULL));
  mine.lives.push_back({.began = time_.microseconds()});
}

void cluster::start_node(std::size_t node) {
  auto& mine = nodes_[node];
  mine.life = next_node_life_++;
  mine.core = std::make_unique<client_core>(where_, options_.client);
  mine.ways.assign(shards_.size(), {});
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    open(node, shard);
}

void cluster::submit(std::size_t node, std::uint64_t user, call_number number,
                     any_call what, std::optional<std::size_t> at) {
  nodes_[node].core->submit(user, number, std::move(what), at, time_.now());
  flush_node(node);
}

void cluster::drop_user(std::size_t node, std::uint64_t user) {
  nodes_[node].core->drop_user(user, time_.now());
  flush_node(node);
}

// The network.

/// Frames may be lost, doubled, late and out of order.
template <class Frame, class Arrive>
void cluster::send_frame(std::size_t node, std::size_t shard, Frame frame,
                         Arrive arrive) {
  if (options_.as_bytes)
    frame = through_bytes(frame);
  const auto shard_life = nodes_[node].ways[shard].life;
  const auto node_life = nodes_[node].life;
  for (int copies = time_.chance(options_.duplication) ? 2 : 1; copies > 0;
       --copies)
    if (!time_.chance(options_.loss))
      time_.later(time_.up_to(time_.chance(options_.stragglers)
                                  ? options_.straggler_delay_max
                                  : options_.delay_max),
                  [=, this, frame = frame] {
                    if (!way(node, shard).broken && nodes_[node].core
                        && nodes_[node].life == node_life && shards_[shard].core
                        && shards_[shard].lives.size() == shard_life)
                      arrive(frame);
                  });
}

/// What begins sessions keeps its order, or goes down with its connection.
template <class Arrive>
void cluster::send_in_order(std::size_t node, std::size_t shard,
                            Arrive arrive) {
  if (time_.chance(options_.loss))
    return;
  auto& by = way(node, shard);
  by.last = std::max(by.last, time_.now() + time_.up_to(options_.delay_max));
  time_.at(by.last, [=, this, breaks = by.breaks,
                     shard_life = shards_[shard].lives.size(),
                     node_life = nodes_[node].life] {
    const auto& now = way(node, shard);
    if (!now.broken && now.breaks == breaks && nodes_[node].core
        && nodes_[node].life == node_life && shards_[shard].core
        && shards_[shard].lives.size() == shard_life)
      arrive();
  });
}

void cluster::flush_node(std::size_t node) {
  auto& mine = nodes_[node];
  if (!mine.core)
    return;
  while (auto effect = mine.core->next_effect(time_.now())) {
    if (auto* told = std::get_if<client_effect::answered>(&*effect)) {
      told_.on_answer(node, told->number, told->answer);
      continue;
    }
    auto& sent = std::get<client_effect::send>(*effect);
    const auto key =
        session_key(mine.life, mine.core->session_with(sent.shard));
    send_frame(node, sent.shard, std::move(sent.frame),
               [=, this, shard = sent.shard,
                node_life = mine.life](const call_frame& frame) {
                 on_call_frame(node, node_life, shard, key, frame);
               });
  }
  set_node_alarm(node);
}

void cluster::set_node_alarm(std::size_t node) {
  auto& mine = nodes_[node];
  const auto first = mine.core->next_deadline();
  if (!first || (mine.alarm && *mine.alarm <= *first))
    return;
  mine.alarm = first;
  time_.at(*first, [this, node, when = *first, life = mine.life] {
    auto& here = nodes_[node];
    if (!here.core || here.life != life || here.alarm != when)
      return;
    here.alarm.reset();
    here.core->advance(time_.now());
    flush_node(node);
  });
}

void cluster::flush_shard(std::size_t shard) {
  auto& mine = shards_[shard];
  if (!mine.core)
    return;
  while (auto late = mine.core->next_reply())
    on_late(mine, *late);
  for (auto& [id, each] : mine.sessions)
    while (auto frame =
               each.away ? std::nullopt : each.link.next_frame(time_.now()))
      send_frame(
          each.node, shard, *std::move(frame),
          [=, this, node = each.node, key = each.key](const reply_frame& came) {
            on_reply_frame(node, shard, key, came);
          });
  set_shard_alarm(shard);
}

void cluster::set_shard_alarm(std::size_t shard) {
  auto& mine = shards_[shard];
  auto first = mine.core->next_deadline();
  for (const auto& [id, each] : mine.sessions)
    if (const auto due = each.link.next_deadline();
        due && !each.away && (!first || *due < *first))
      first = due;
  if (!first || (mine.alarm && *mine.alarm <= *first))
    return;
  mine.alarm = first;
  time_.at(*first, [this, shard, when = *first, life = mine.lives.size()] {
    auto& here = shards_[shard];
    if (!here.core || here.lives.size() != life || here.alarm != when)
      return;
    here.alarm.reset();
    here.core->advance(time_.now());
    for (auto& [id, each] : here.sessions)
      each.link.advance(time_.now());
    flush_shard(shard);
  });
}

// Sessions begin and end.

/// Again and again, until the shard is up.
void cluster::open(std::size_t node, std::size_t shard) {
  const auto& mine = nodes_[node];
  if (mine.core->is_up(shard))
    return;
  const auto key = session_key(mine.life, mine.core->session_with(shard));
  send_in_order(
      node, shard,
      [=, this, life = mine.life, resumes = mine.core->resumes(shard)] {
        on_open(node, life, shard, key, resumes);
      });
  time_.later(open_again, [=, this, life = mine.life] {
    if (nodes_[node].core && nodes_[node].life == life)
      open(node, shard);
  });
}

std::uint64_t cluster::session_of(std::size_t shard, std::size_t node,
                                  std::uint64_t node_life) const {
  for (const auto& [id, each] : shards_[shard].sessions)
    if (each.node == node && each.node_life == node_life)
      return id;
  return 0;
}

void cluster::on_open(std::size_t node, std::uint64_t node_life,
                      std::size_t shard, std::uint64_t key, bool resumes) {
  auto& mine = shards_[shard];
  auto id = session_of(shard, node, node_life);
  const bool known = id != 0 && mine.sessions.at(id).key == key;
  const auto tell = [=, this](bool what) {
    send_in_order(node, shard,
                  [=, this] { on_opened(node, shard, key, what); });
  };
  if (!known && resumes && !strikes(bug::begun_anew)
      && options_.planted != bug::wrongly_known)
    return tell(false);
  if (!known) {
    if (id != 0)
      end_session(shard, id);
    id = next_session_++;
    mine.sessions[id].link = reply_link{link_of_replies()};
  }
  auto& session = mine.sessions[id];
  session.key = key;
  session.node = node;
  session.node_life = node_life;
  session.away = false;
  session.opened_at = way(node, shard).breaks;
  if (known)
    session.link.resend();
  tell(known || strikes(bug::wrongly_known));
  flush_shard(shard);
}

link_options cluster::link_of_replies() const {
  auto options = options_.client.link;
  if (options_.planted == bug::never_resent)
    options.resend_after = std::chrono::hours{1000};
  return options;
}

void cluster::on_opened(std::size_t node, std::size_t shard, std::uint64_t key,
                        bool known) {
  auto& mine = nodes_[node];
  auto& core = *mine.core;
  if (core.is_up(shard)
      || key != session_key(mine.life, core.session_with(shard)))
    return;
  mine.ways[shard] = {shards_[shard].lives.size(), way(node, shard).breaks};
  core.on_up(shard, known, time_.now());
  if (!core.is_up(shard))
    open(node, shard);
  flush_node(node);
}

void cluster::go_away(std::size_t shard, std::uint64_t id) {
  auto& session = shards_[shard].sessions.at(id);
  session.away = true;
  time_.later(options_.grace, [=, this, opened_at = session.opened_at,
                               life = shards_[shard].lives.size()] {
    auto& mine = shards_[shard];
    const auto left = mine.sessions.find(id);
    if (mine.lives.size() != life || left == mine.sessions.end()
        || !left->second.away || left->second.opened_at != opened_at)
      return;
    end_session(shard, id);
    flush_shard(shard);
  });
}

void cluster::end_session(std::size_t shard, std::uint64_t id) {
  auto& mine = shards_[shard];
  const auto gone = mine.sessions.extract(id);
  const auto& session = gone.mapped();
  if (nodes_[session.node].core
      && nodes_[session.node].life == session.node_life)
    told_.on_session_end(session.node, shard);
  if (!strikes(bug::session_never_ends))
    mine.core->drop_session(id, time_.now());
}

// Faults.

void cluster::break_way(std::size_t node, std::size_t shard, duration broken) {
  auto& by = way(node, shard);
  if (by.broken)
    return;
  by.broken = true;
  const auto breaks = ++by.breaks;
  time_.later(broken, [=, this] { way(node, shard).broken = false; });
  if (broken < options_.notice_min)
    return;
  const auto late = options_.notice_max - options_.notice_min;
  time_.later(options_.notice_min + time_.up_to(late),
              [=, this] { notice_at_node(node, shard, breaks); });
  time_.later(options_.notice_min + time_.up_to(late),
              [=, this] { notice_at_shard(node, shard, breaks); });
}

void cluster::notice_at_node(std::size_t node, std::size_t shard,
                             std::uint64_t breaks) {
  auto& mine = nodes_[node];
  if (!mine.core || mine.ways[shard].opened_at >= breaks
      || !mine.core->is_up(shard))
    return;
  mine.core->on_away(shard, time_.now());
  open(node, shard);
  flush_node(node);
}

void cluster::notice_at_shard(std::size_t node, std::size_t shard,
                              std::uint64_t breaks) {
  auto& mine = shards_[shard];
  for (auto& [id, each] : mine.sessions)
    if (each.node == node && each.opened_at < breaks && !each.away)
      go_away(shard, id);
}

void cluster::crash_node(std::size_t node, duration down) {
  auto& mine = nodes_[node];
  if (!mine.core)
    return;
  mine.core.reset();
  mine.alarm.reset();
  told_.on_node_crash(node);
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    time_.later(time_.up_to(options_.notice_max), [=, this, life = mine.life] {
      const auto id = session_of(shard, node, life);
      if (id != 0 && !shards_[shard].sessions.at(id).away)
        go_away(shard, id);
    });
  time_.later(down, [=, this] { start_node(node); });
}

void cluster::crash_shard(std::size_t shard, duration down) {
  auto& mine = shards_[shard];
  if (!mine.core)
    return;
  mine.core.reset();
  mine.sessions.clear();
  mine.alarm.reset();
  mine.lives.back().ended = time_.microseconds() + 1;
  for (std::size_t node = 0; node < nodes_.size(); ++node)
    time_.later(time_.up_to(options_.notice_max),
                [=, this, gone = mine.lives.size(), life = nodes_[node].life] {
                  auto& here = nodes_[node];
                  if (!here.core || here.life != life
                      || here.ways[shard].life != gone
                      || !here.core->is_up(shard))
                    return;
                  here.core->on_away(shard, time_.now());
                  open(node, shard);
                  flush_node(node);
                });
  time_.later(down, [=, this] { start_shard(shard); });
}

} // namespace weft::spaces::simulation
