#include "tests/simulation/spaces/cluster.hpp"

namespace weft::spaces::simulation {

// What comes to shards and nodes, with the bugs that a run may plant.

namespace {

bool is_plain_take(const any_call& what) {
  const auto* take = std::get_if<call::take>(&what);
  return take && !take->claim_lease;
}

} // namespace

void cluster::on_call_frame(std::size_t node, std::uint64_t node_life,
                            std::size_t shard, std::uint64_t key,
                            const call_frame& frame) {
  auto& mine = shards_[shard];
  const auto id = session_of(shard, node, node_life);
  if (id == 0)
    return;
  auto& session = mine.sessions.at(id);
  if (session.key != key && options_.planted != bug::old_session_accepted)
    return;
  auto items = session.link.receive(frame, time_.now());
  if (!items && frame.items && strikes(bug::no_order))
    items = frame.items;
  if (items && !strikes(bug::frame_swallowed))
    for (const auto& each : *items)
      carry_out(mine, id, each);
  flush_shard(shard);
}

void cluster::on_reply_frame(std::size_t node, std::size_t shard,
                             std::uint64_t key, const reply_frame& frame) {
  auto& mine = nodes_[node];
  if (key != (mine.life << 32 | mine.core->session_with(shard)))
    return;
  mine.core->on_frame(shard, frame, time_.now());
  flush_node(node);
}

void cluster::carry_out(shard_state& at, std::uint64_t id,
                        const session_call& what) {
  auto reply = execute(at, {id, what.user}, what.number, what.what);
  if (!reply)
    return;
  const auto bytes = content_bytes(*reply);
  at.sessions.at(id).link.push({what.number, *std::move(reply)}, bytes);
}

std::optional<any_reply> cluster::execute(shard_state& at, const caller& by,
                                          call_number number, any_call what) {
  if (options_.planted == bug::none)
    return at.core->submit(by, number, std::move(what), time_.now());
  if (std::holds_alternative<call::leave>(what) && strikes(bug::leave_ignored))
    return std::nullopt;
  if (auto planted = planted_before(at, by, what))
    return planted;
  if (auto* confirm = std::get_if<call::confirm>(&what))
    if (strikes(bug::confirm_loses_writes))
      confirm->writes.clear();
  auto reply = at.core->submit(by, number, what, time_.now());
  if (reply)
    planted_after(at, by, what, *reply);
  return reply;
}

/// An answer without asking the shard.
std::optional<any_reply> cluster::planted_before(shard_state& at,
                                                 const caller& by,
                                                 const any_call& what) {
  if (const auto* offer = std::get_if<call::take_offer>(&what)) {
    auto& early = at.sessions.at(by.session).taken_early;
    if (auto taken = early.extract(offer->of))
      return std::move(taken.mapped());
  }
  if (std::holds_alternative<call::stop>(what) && strikes(bug::stop_ignored))
    return reply::done{};
  const auto* take = std::get_if<call::take>(&what);
  const bool now = take && take->timeout == duration::zero();
  if (now && strikes(bug::empty_answer))
    return reply::found{};
  if (now && !take->claim_lease && strikes(bug::youngest_first)) {
    const call::read_all all{take->what, answer_tuples_max};
    const auto there = at.core->submit(by, next_planted_++, all, time_.now());
    const auto& found = std::get<reply::found>(*there).tuples;
    if (!found.empty())
      return at.core->submit(
          by, next_planted_++,
          call::take{pattern::equal_to(found.back().what), {}, {}},
          time_.now());
  }
  const auto* swap = std::get_if<call::swap>(&what);
  if (swap && strikes(bug::swap_loses_write)) {
    auto got = at.core->submit(by, next_planted_++,
                               call::take{swap->what, {}, {}}, time_.now());
    const auto& found = std::get<reply::found>(*got).tuples;
    if (found.empty())
      return reply::swapped{};
    return reply::swapped{found.front(), found.front().id};
  }
  return std::nullopt;
}

/// Does what is wrong after the shard did what is right.
void cluster::planted_after(shard_state& at, const caller& by,
                            const any_call& what, any_reply& made) {
  const auto* found = std::get_if<reply::found>(&made);
  if (!found || found->tuples.empty())
    return;
  if (is_plain_take(what) && strikes(bug::take_stays))
    at.core->submit(by, next_planted_++,
                    call::write{{{found->tuples.front().what, {}}}},
                    time_.now());
  if (found->claim != 0 && strikes(bug::claim_not_hidden))
    at.core->submit(by, next_planted_++, call::release{found->claim},
                    time_.now());
}

void cluster::on_late(shard_state& at, shard_core::late_reply& late) {
  const auto found = at.sessions.find(late.to.session);
  if (found == at.sessions.end() || strikes(bug::late_reply_lost))
    return;
  auto& session = found->second;
  const auto* offered = std::get_if<reply::offered>(&late.what);
  if (offered && strikes(bug::offer_takes))
    if (auto taken = at.core->submit(late.to, next_planted_++,
                                     call::take_offer{late.number, offered->id},
                                     time_.now()))
      session.taken_early[late.number] = *std::move(taken);
  const auto bytes = content_bytes(late.what);
  session.link.push({late.number, std::move(late.what)}, bytes);
}

} // namespace weft::spaces::simulation
