#include "spaces/client_core.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

/// What a call is answered whose shard was lost.
failure loss_of(std::size_t shard, bool may_be_done) {
  if (may_be_done)
    return {errc::timed_out,
            fmt::format("shard {} of the space was lost with the call under "
                        "way; whether it was carried out is unknown; if its "
                        "node ended, its tuples are gone",
                        shard)};
  return {errc::unavailable,
          fmt::format("shard {} of the space cannot be reached; nothing was "
                      "done; if its node ended, its tuples are gone",
                      shard)};
}

} // namespace

void client_core::on_up(std::size_t shard, bool known, time_point now) {
  now_ = now;
  auto& way = ways_[shard];
  if (!known && way.link.has_sent())
    return lose(shard);
  way.up = true;
  way.deadline.reset();
  way.link.resend();
  router_.on_back(shard, now);
  drain_router();
}

void client_core::on_away(std::size_t shard, time_point now) {
  now_ = now;
  auto& way = ways_[shard];
  way.up = false;
  if (!way.deadline)
    way.deadline = now + options_.patience;
}

/// Ends the session with all that is open in it; the next one is fresh.
void client_core::lose(std::size_t shard) {
  auto& way = ways_[shard];
  std::set<call_number> unsent;
  way.link.for_each_unsent(
      [&](const session_call& each) { unsent.insert(each.number); });
  auto open = std::exchange(way.open, {});
  for (const auto& [number, one] : way.singles)
    open[number] = {one.user, number};
  way.link = session_link<session_call, session_reply>{options_.link};
  way.up = false;
  way.deadline.reset();
  ++way.session;
  for (auto at = users_.begin(); at != users_.end();) {
    at->second.visited.erase(shard);
    at = at->second.empty() ? users_.erase(at) : std::next(at);
  }
  std::set<ticket> untouched;
  for (const auto& [number, by] : open)
    if (unsent.contains(number))
      untouched.insert(by.made_for);
  router_.on_lost(shard, untouched);
  drain_router();
  for (const auto& [number, by] : open)
    lose_call(shard, by.made_for, !unsent.contains(number));
}

void client_core::lose_call(std::size_t shard, call_number which, bool sent) {
  if (watches_.contains(which))
    return lose_watch(shard, which);
  auto& singles = ways_[shard].singles;
  if (const auto one = singles.find(which); one != singles.end())
    return answer(one, {loss_of(shard, sent && one->second.changes), {}, {}});
  const auto one = calls_.find(which);
  if (one != calls_.end() && one->second.kind != form::scattered)
    answer(one, loss_of(shard, sent && one->second.changes));
}

void client_core::lose_watch(std::size_t shard, call_number which) {
  auto& watch = watches_.at(which);
  watch.shards.erase(shard);
  watch.asked.erase(shard);
  watch.ended = true;
  if (const auto one = calls_.find(which); one != calls_.end()) {
    answer(one, failure{errc::unavailable,
                        fmt::format("shard {} of the space cannot be reached",
                                    shard)});
    return end_watch(which);
  }
  hand_events(watch);
}

void client_core::advance(time_point now) {
  now_ = now;
  for (std::size_t shard = 0; shard < ways_.size(); ++shard) {
    auto& way = ways_[shard];
    if (way.deadline && *way.deadline <= now)
      lose(shard);
    else if (way.up)
      way.link.advance(now);
  }
  router_.advance(now);
  drain_router();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    answer(calls_.find(deadlines_.begin()->second), reply::events{});
}

std::optional<time_point> client_core::next_deadline() const {
  std::optional<time_point> first = router_.next_deadline();
  const auto consider = [&](const std::optional<time_point>& other) {
    if (other && (!first || *other < *first))
      first = other;
  };
  if (!deadlines_.empty())
    consider(deadlines_.begin()->first);
  for (const auto& way : ways_) {
    consider(way.deadline);
    if (way.up)
      consider(way.link.next_deadline());
  }
  return first;
}

} // namespace weft::spaces
