#include "spaces/assignment.hpp"
#include "spaces/space_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weft::spaces {

result<void> space_core::check_wait(const request& by) const {
  if (waiters_.contains(by.ticket))
    return fail(errc::already_exists,
                fmt::format("the request {} waits already", by.ticket));
  if (waiters_.size() >= options_.waiters_max)
    return fail(errc::exhausted,
                fmt::format("{} requests wait; a space keeps no more",
                            options_.waiters_max));
  return {};
}

waiter& space_core::add_waiter(wait_kind kind, const request& by,
                               time_point now) {
  auto& one = waiters_[by.ticket];
  one.kind = kind;
  one.client = by.client;
  one.rank = next_rank_++;
  one.claim_lease = by.claim_lease;
  one.timer = timers_.add(now + by.timeout, {wait_end, by.ticket});
  clients_[by.client].waits.insert(by.ticket);
  return one;
}

void space_core::listen(ticket by, waiter& one, const pattern& what) {
  const auto added = index_of(one).add(what, one.rank, by);
  if (one.interest == interest_index::none)
    one.interest = added;
  else
    one.more_interests.push_back(added);
}

void space_core::stop_listening(waiter& one) {
  if (one.interest == interest_index::none)
    return;
  index_of(one).remove(one.interest);
  for (const auto each : one.more_interests)
    index_of(one).remove(each);
  one.interest = interest_index::none;
  one.more_interests.clear();
}

void space_core::remove_waiter(waiter_map::iterator which) {
  auto& one = which->second;
  stop_listening(one);
  if (one.timer != timer_wheel::no_timer)
    timers_.cancel(one.timer);
  forget_holding(one.client, &holdings::waits, which->first);
  waiters_.erase(which);
}

bool space_core::stop_waiting(ticket by) {
  const auto found = waiters_.find(by);
  if (found == waiters_.end()) {
    const bool gathers = barrier_waits_.contains(by);
    leave_barrier(by, false);
    return gathers;
  }
  const auto offer = found->second.offer;
  remove_waiter(found);
  if (offer)
    offer_next(*offer);
  return true;
}

void space_core::answer_one(ticket by, found_tuple found, claim_id claim) {
  effect::answered made{by, {{}, claim}};
  made.answer.tuples.push_back(std::move(found));
  effects_.emplace_back(std::move(made));
}

/// Gives a tuple that is being written to every waiting read, and to the
/// oldest that would take it if it need not be stored for that. False: it is
/// to be stored.
bool space_core::hand_off(ticket taker, const tuple_id& id, const tuple& what) {
  const auto found = waiters_.find(taker);
  if (found->second.kind != wait_kind::take || found->second.claim_lease)
    return false;
  if (!readers_.empty()) {
    const auto readers = readers_.all(what);
    const bool collects =
        std::any_of(readers.begin(), readers.end(), [this](ticket reader) {
          return waiters_.at(reader).kind != wait_kind::read;
        });
    if (collects)
      return false;
    for (const auto reader : readers) {
      answer_one(reader, {id, what}, 0);
      remove_waiter(waiters_.find(reader));
    }
    counts_.readers_woken += readers.size();
  }
  remove_waiter(found);
  answer_one(taker, {id, what}, 0);
  ++counts_.handed_off;
  ++counts_.takers_woken;
  ++counts_.taken;
  report(watch_kind::added, id, what);
  report(watch_kind::taken, id, what);
  return true;
}

/// Gives a tuple that has come to be stored to those who wait for it.
void space_core::settle(place at, time_point now) {
  const auto id = index_.id_of(at);
  if (!readers_.empty())
    settle_reads(at, now);
  if (takers_.empty())
    return;
  bool offered = false;
  const auto what = index_.at(at);
  for (const auto by : takers_.all(what))
    if (index_.find(id))
      settle_one(by, at, offered, now);
}

/// Serves those who only read.
void space_core::settle_reads(place at, time_point now) {
  const auto what = index_.at(at);
  const auto id = index_.id_of(at);
  for (const auto by : readers_.all(what)) {
    const auto found = waiters_.find(by);
    if (found == waiters_.end())
      continue;
    if (found->second.kind == wait_kind::collect_read) {
      complete_collect(by, found->second, now);
      continue;
    }
    answer_one(by, {id, what}, 0);
    ++counts_.readers_woken;
    remove_waiter(found);
  }
}

/// Serves one that would take; the tuple may be gone then.
void space_core::settle_one(ticket by, place at, bool& offered,
                            time_point now) {
  const auto found = waiters_.find(by);
  if (found == waiters_.end())
    return;
  auto& one = found->second;
  if (one.kind == wait_kind::collect_take) {
    complete_collect(by, one, now);
    return;
  }
  if (one.kind == wait_kind::interest) {
    if (!std::exchange(offered, true))
      offer(by, one, index_.id_of(at));
    return;
  }
  const request asked{by, one.client, duration::zero(), one.claim_lease};
  remove_waiter(found);
  auto got = get(wait_kind::take, at, asked, now);
  answer_one(by, std::move(got.found), got.claim);
  ++counts_.handed_off;
  ++counts_.takers_woken;
}

void space_core::offer(ticket by, waiter& one, const tuple_id& id) {
  stop_listening(one);
  one.offer = id;
  effects_.emplace_back(effect::offered{by, id});
}

result<std::optional<answer>>
space_core::try_collect(const std::vector<pattern>& patterns, collect_form form,
                        client_id client,
                        const std::optional<duration>& claim_lease,
                        time_point now, std::vector<std::size_t>& short_of) {
  // So many candidates of each are always enough.
  std::vector<place> places;
  std::vector<std::vector<std::size_t>> candidates(patterns.size());
  for (std::size_t i = 0; i < patterns.size(); ++i)
    for (const auto at : index_.oldest(patterns[i], patterns.size())) {
      const auto known = std::find(places.begin(), places.end(), at);
      candidates[i].push_back(static_cast<std::size_t>(known - places.begin()));
      if (known == places.end())
        places.push_back(at);
    }
  const assignment assigned{std::move(candidates)};
  short_of = assigned.short_of();
  if (!assigned.outcome())
    return std::nullopt;
  answer got;
  std::vector<place> chosen;
  for (const auto each : *assigned.outcome())
    chosen.push_back(places[each]);
  if (auto fits = check_answer(index_.content_bytes(chosen)); !fits)
    return pass_on(fits);
  const bool takes = form == collect_form::take && !claim_lease;
  for (const auto at : chosen)
    got.tuples.push_back(takes ? take_out(at) : index_.found(at));
  if (form == collect_form::take && claim_lease)
    got.claim = hide(std::move(chosen), client, *claim_lease, now);
  return got;
}

/// Answers a waiting collect if it can be; else it listens for what it is
/// short of.
void space_core::complete_collect(ticket by, waiter& one, time_point now) {
  const auto form = one.kind == wait_kind::collect_read ? collect_form::read
                                                        : collect_form::take;
  std::vector<std::size_t> short_of;
  auto got = try_collect(one.patterns, form, one.client, one.claim_lease, now,
                         short_of);
  if (!got) {
    effects_.emplace_back(effect::refused{by, std::move(got.error())});
    return remove_waiter(waiters_.find(by));
  }
  if (!*got) {
    stop_listening(one);
    for (const auto each : short_of)
      listen(by, one, one.patterns[each]);
    return;
  }
  effects_.emplace_back(effect::answered{by, **std::move(got)});
  if (form == collect_form::take)
    ++counts_.takers_woken;
  else
    ++counts_.readers_woken;
  remove_waiter(waiters_.find(by));
}

result<std::optional<answer>> space_core::collect(std::vector<pattern> patterns,
                                                  collect_form form,
                                                  const request& by,
                                                  time_point now) {
  if (auto valid = check_request(by); !valid)
    return pass_on(valid);
  if (patterns.empty() || patterns.size() > collect_patterns_max)
    return fail(errc::invalid_argument,
                fmt::format("a collect has 1 to {} patterns; got {}",
                            collect_patterns_max, patterns.size()));
  std::vector<std::size_t> short_of;
  auto got =
      try_collect(patterns, form, by.client, by.claim_lease, now, short_of);
  if (!got || *got || by.timeout == duration::zero())
    return got;
  if (auto can = check_wait(by); !can)
    return pass_on(can);
  const auto kind = form == collect_form::read ? wait_kind::collect_read
                                               : wait_kind::collect_take;
  auto& one = add_waiter(kind, by, now);
  one.patterns = std::move(patterns);
  for (const auto each : short_of)
    listen(by.ticket, one, one.patterns[each]);
  return std::nullopt;
}

result<void> space_core::interest(const pattern& what, const request& by,
                                  time_point now) {
  if (auto valid = check_request(by); !valid)
    return valid;
  if (auto can = check_wait(by); !can)
    return can;
  auto& one = add_waiter(wait_kind::interest, by, now);
  one.patterns.push_back(what);
  find_offer(by.ticket, one);
  return {};
}

/// Offers the oldest match, or listens for one.
void space_core::find_offer(ticket by, waiter& one) {
  one.offer.reset();
  if (const auto at = index_.oldest(one.patterns.front()))
    offer(by, one, index_.id_of(*at));
  else
    listen(by, one, one.patterns.front());
}

/// Offers a tuple whose interest has gone to the next that listens.
void space_core::offer_next(const tuple_id& id) {
  const auto at = index_.find(id);
  if (!at || takers_.empty())
    return;
  for (const auto by : takers_.all(index_.at(*at))) {
    auto& one = waiters_.at(by);
    if (one.kind != wait_kind::interest)
      continue;
    offer(by, one, id);
    return;
  }
}

result<std::optional<space_core::taken>>
space_core::take_offer(ticket by, const tuple_id& id, time_point now) {
  const auto found = waiters_.find(by);
  if (found == waiters_.end() || found->second.kind != wait_kind::interest)
    return fail(errc::not_found,
                fmt::format("the request {} has no interest here", by));
  auto& one = found->second;
  const auto at = index_.find(id);
  if (!at || !one.patterns.front().matches(index_.at(*at))) {
    if (one.offer == id)
      find_offer(by, one);
    return std::nullopt;
  }
  const request asked{by, one.client, duration::zero(), one.claim_lease};
  const auto other = one.offer && one.offer != id ? one.offer : std::nullopt;
  remove_waiter(found);
  auto got = get(wait_kind::take, *at, asked, now);
  if (other)
    offer_next(*other);
  return std::optional{std::move(got)};
}

} // namespace weft::spaces
