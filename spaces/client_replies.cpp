#include "spaces/client_core.hpp"

#include <algorithm>

namespace weft::spaces {

namespace {

/// The router's commands are calls under the number of its ticket.
any_call to_call(const any_shard_command& command, call_number of) {
  struct conversion {
    call_number of;

    any_call operator()(const shard_command::read& what) const {
      return call::read{what.what, what.timeout};
    }
    any_call operator()(const shard_command::take& what) const {
      return call::take{what.what, duration::zero(), what.claim_lease};
    }
    any_call operator()(const shard_command::read_all& what) const {
      return call::read_all{what.what, what.limit};
    }
    any_call operator()(const shard_command::take_all& what) const {
      return call::take_all{what.what, what.limit, {}};
    }
    any_call operator()(const shard_command::count& what) const {
      return call::count{what.what};
    }
    any_call operator()(const shard_command::interest& what) const {
      return call::interest{what.what, what.timeout, what.claim_lease};
    }
    any_call operator()(const shard_command::take_offer& what) const {
      return call::take_offer{of, what.id};
    }
    any_call operator()(const shard_command::withdraw&) const {
      return call::stop{of};
    }
  };
  return std::visit(conversion{of}, command);
}

} // namespace

space_answer answer_of(std::size_t shard, any_reply&& what) {
  space_answer made{std::move(what), static_cast<std::uint32_t>(shard), {}};
  if (const auto* statistics = std::get_if<reply::statistics>(&made.what))
    made.statistics = {*statistics->what};
  return made;
}

// To the shards.

/// Sends a call; `by.made_for` is 0 when its answer is of no interest.
void client_core::push(std::size_t shard, const awaited_answer& by,
                       call_number number, any_call&& what) {
  auto& way = ways_[shard];
  if (may_hold(what))
    users_[by.user].visited.insert(shard);
  if (by.made_for != 0)
    way.open[number] = by;
  const auto bytes = content_bytes(what);
  way.link.push({number, by.user, std::move(what)}, bytes);
  if (!way.up && !way.deadline)
    way.deadline = now_ + options_.patience;
}

void client_core::send_stop(std::size_t shard, std::uint64_t user,
                            call_number of) {
  push(shard, {user, 0}, next_number_++, call::stop{of});
}

/// Ends a wait, unless it was answered already.
void client_core::withdraw(std::size_t shard, call_number of) {
  const auto waits = ways_[shard].open.extract(of);
  if (waits)
    send_stop(shard, waits.mapped().user, of);
}

void client_core::drain_router() {
  while (auto effect = router_.next_effect())
    std::visit([this](auto& what) { carry_out(what); }, *effect);
}

void client_core::carry_out(router_effect::send& what) {
  const auto ticket = what.ticket;
  if (std::holds_alternative<shard_command::withdraw>(what.command))
    return withdraw(what.shard, ticket);
  const auto one = calls_.find(ticket);
  if (one == calls_.end())
    return;
  const bool follows =
      std::holds_alternative<shard_command::take_offer>(what.command);
  push(what.shard, {one->second.user, ticket},
       follows ? next_number_++ : ticket, to_call(what.command, ticket));
}

void client_core::carry_out(router_effect::answered& what) {
  const auto one = calls_.find(what.ticket);
  if (one == calls_.end())
    return;
  if (one->second.counts)
    return answer(one, reply::counted{what.count});
  std::optional<std::uint32_t> shard;
  if (!what.shards.empty()
      && std::ranges::count(what.shards, what.shards[0])
             == std::ssize(what.shards))
    shard = static_cast<std::uint32_t>(what.shards[0]);
  answer(one, space_answer{reply::found{std::move(what.answer.tuples),
                                        what.answer.claim},
                           shard,
                           {}});
}

void client_core::carry_out(router_effect::timed_out& what) {
  if (const auto one = calls_.find(what.ticket); one != calls_.end())
    answer(one, reply::found{});
}

void client_core::carry_out(router_effect::failed& what) {
  if (const auto one = calls_.find(what.ticket); one != calls_.end())
    answer(one, std::move(what.why));
}

// From the shards.

std::size_t client_core::awaited() const {
  std::size_t sum = singles_;
  for (const auto& way : ways_)
    sum += way.open.size();
  return sum;
}

void client_core::on_frame(std::size_t shard, reply_frame frame,
                           time_point now) {
  now_ = now;
  for (auto& each :
       items_of(ways_[shard].link.receive(std::move(frame), now))) {
    on_reply(shard, each);
    drain_router();
  }
}

void client_core::on_reply(std::size_t shard, session_reply& what) {
  auto& way = ways_[shard];
  if (const auto one = way.singles.find(what.number); one != way.singles.end())
    return answer(one, answer_of(shard, std::move(what.what)));
  auto& open = way.open;
  const auto found = open.find(what.number);
  if (found == open.end())
    return;
  const auto made_for = found->second.made_for;
  if (!std::holds_alternative<reply::offered>(what.what))
    open.erase(found);
  const auto one = calls_.find(made_for);
  if (one == calls_.end() || what.number != made_for) {
    if (watches_.contains(made_for))
      return on_events(shard, made_for, std::move(what.what));
    if (one == calls_.end())
      return;
  }
  switch (one->second.kind) {
  case form::scattered:
    return on_scattered(shard, one, std::move(what.what));
  case form::gathered:
    return on_gathered(shard, one, std::move(what.what));
  case form::watch:
    return on_watching(shard, one, std::move(what.what));
  case form::fetch:
    break;
  }
}

void client_core::on_scattered(std::size_t shard, call_map::iterator one,
                               any_reply&& what) {
  const auto ticket = one->first;
  if (auto* found = std::get_if<reply::found>(&what)) {
    if (one->second.many)
      return router_.on_many(shard, ticket, std::move(found->tuples));
    if (found->tuples.empty())
      return router_.on_found(shard, ticket, std::nullopt, 0);
    // Of an interest: it has ended with that.
    ways_[shard].open.erase(ticket);
    return router_.on_found(shard, ticket, std::move(found->tuples.front()),
                            found->claim);
  }
  if (const auto* offered = std::get_if<reply::offered>(&what))
    return router_.on_offer(shard, ticket, offered->id);
  if (const auto* counted = std::get_if<reply::counted>(&what))
    return router_.on_count(shard, ticket, counted->count);
  if (auto* why = std::get_if<failure>(&what))
    router_.on_refused(shard, ticket, std::move(*why));
}

void client_core::on_gathered(std::size_t shard, call_map::iterator one,
                              any_reply&& what) {
  auto& mine = one->second;
  if (std::holds_alternative<failure>(what))
    return answer(one, std::move(what));
  mine.shards.erase(shard);
  const auto* statistics = std::get_if<reply::statistics>(&what);
  if (statistics)
    mine.statistics[shard] = *statistics->what;
  else if (const auto* counted = std::get_if<reply::counted>(&what))
    mine.counted += counted->count;
  if (!mine.shards.empty())
    return;
  auto all = std::move(mine.statistics);
  if (statistics)
    answer(one, space_answer{std::move(what), {}, std::move(all)});
  else
    answer(one, reply::counted{mine.counted});
}

void client_core::on_watching(std::size_t shard, call_map::iterator one,
                              any_reply&& what) {
  const auto number = one->first;
  if (std::holds_alternative<failure>(what)) {
    watches_.at(number).shards.erase(shard);
    answer(one, std::move(what));
    return end_watch(number);
  }
  one->second.shards.erase(shard);
  if (one->second.shards.empty())
    answer(one, reply::done{});
}

void client_core::on_events(std::size_t shard, call_number which,
                            any_reply&& what) {
  auto& watch = watches_.at(which);
  watch.asked.erase(shard);
  auto* events = std::get_if<reply::events>(&what);
  if (!events || events->ended) {
    watch.shards.erase(shard);
    watch.ended = true;
  }
  const bool news = events && !events->list.empty();
  if (events) {
    std::move(events->list.begin(), events->list.end(),
              std::back_inserter(watch.events));
    watch.dropped += events->dropped;
    watch.more = watch.more || events->more;
  }
  if (watch.waiting && !watch.ended) {
    const auto fetch = calls_.find(*watch.waiting);
    fetch->second.shards.erase(shard);
    // This was the answer to a fetch before, whose time was up.
    if (!news && fetch->second.deadline && *fetch->second.deadline > now_)
      return ask_for_events(fetch, shard);
  }
  hand_events(watch);
}

/// Answers the fetch that waits, if there is one and something to tell.
void client_core::hand_events(open_watch& watch) {
  if (!watch.waiting)
    return;
  const auto one = calls_.find(*watch.waiting);
  const auto& mine = one->second;
  const bool all_said_none = !mine.deadline && mine.shards.empty();
  if (watch.events.empty() && !watch.ended && !all_said_none)
    return;
  const auto which = mine.of;
  const auto count = std::min(mine.limit, watch.events.size());
  const auto end = watch.events.begin() + static_cast<std::ptrdiff_t>(count);
  reply::events news;
  news.list.assign(std::make_move_iterator(watch.events.begin()),
                   std::make_move_iterator(end));
  watch.events.erase(watch.events.begin(), end);
  news.dropped = std::exchange(watch.dropped, 0);
  news.more = watch.more || !watch.events.empty();
  news.ended = watch.ended && watch.events.empty();
  const bool ended = news.ended;
  answer(one, std::move(news));
  if (ended)
    end_watch(which);
}

} // namespace weft::spaces
