#include "spaces/client_core.hpp"

#include "runtime/base/assert.hpp"
#include "spaces/checks.hpp"

#include <fmt/format.h>

namespace weft::spaces {

client_core::client_core(routing where, const client_options& options)
    : where_{std::move(where)}, options_{options}, router_{where_.shards()} {
  ways_.reserve(where_.shards());
  for (std::size_t i = 0; i < where_.shards(); ++i)
    ways_.emplace_back(options_.link);
}

void client_core::submit(std::uint64_t user, call_number number, any_call what,
                         std::optional<std::size_t> at, time_point now,
                         answer_address address) {
  now_ = now;
  asker by{user, number, std::move(address)};
  if (std::holds_alternative<call::leave>(what))
    return drop_user(user, now);
  if (const auto* stop = std::get_if<call::stop>(&what))
    return submit_stop(std::move(by), stop->of);
  if (open_calls() >= options_.calls_max)
    return refuse(std::move(by),
                  {errc::exhausted,
                   fmt::format("{} calls to the space wait for their answers",
                               open_calls())});
  if (const auto* fetch = std::get_if<call::fetch>(&what))
    return submit_fetch(std::move(by), *fetch);
  auto target = where_.target_of(what, at);
  if (!target)
    return refuse(std::move(by), std::move(target.error()));
  if (auto good = check(what, *target); !good)
    return refuse(std::move(by), std::move(good.error()));
  if (const auto* watch = std::get_if<call::watch>(&what))
    return submit_watch(std::move(by), *watch, *target);
  if (*target)
    return submit_single(std::move(by), std::move(what), **target);
  if (std::holds_alternative<call::statistics>(what)
      || std::holds_alternative<call::clear>(what))
    return submit_gathered(std::move(by), what);
  submit_scattered(std::move(by), what);
}

/// What a shard would not have to answer for, and whether the ways have room:
/// a call is taken as a whole or not at all.
result<void> client_core::check(const any_call& what,
                                std::optional<std::size_t> target) const {
  const auto bytes = content_bytes(what);
  if (bytes > call_bytes_max)
    return fail(errc::invalid_argument,
                fmt::format("a call has at most {} bytes; got {}",
                            call_bytes_max, bytes));
  const auto* read = std::get_if<call::read>(&what);
  const auto* take = std::get_if<call::take>(&what);
  if (read || take)
    if (auto valid = check_timeout(read ? read->timeout : take->timeout);
        !valid)
      return valid;
  for (std::size_t shard = 0; shard < ways_.size(); ++shard)
    if ((!target || *target == shard) && !ways_[shard].link.has_room(bytes))
      return fail(errc::exhausted,
                  fmt::format("too many calls wait for shard {}", shard));
  return {};
}

client_core::call_map::iterator client_core::begin(form kind, asker&& by) {
  const auto [made, fresh] = calls_.try_emplace(by.number);
  WEFT_ASSERT(fresh);
  made->second.kind = kind;
  made->second.user = by.user;
  made->second.address = std::move(by.address);
  users_[by.user].calls.insert(by.number);
  return made;
}

void client_core::end_call(call_map::iterator which) {
  const auto number = which->first;
  const auto& mine = which->second;
  if (const auto user = users_.find(mine.user); user != users_.end()) {
    user->second.calls.erase(number);
    if (user->second.empty())
      users_.erase(user);
  }
  if (mine.deadline)
    deadlines_.erase({*mine.deadline, number});
  if (mine.kind == form::fetch)
    if (const auto watch = watches_.find(mine.of); watch != watches_.end())
      watch->second.waiting.reset();
  calls_.erase(which);
}

void client_core::end_single(single_map::iterator which) {
  const auto& one = which->second;
  const auto user = users_.find(one.user);
  (one.previous ? one.previous->next : user->second.singles) = one.next;
  if (one.next)
    one.next->previous = one.previous;
  ways_[one.shard].singles.erase(which);
  --singles_;
  if (user->second.empty())
    users_.erase(user);
}

void client_core::submit_single(asker&& by, any_call&& what,
                                std::size_t shard) {
  const auto user = by.user;
  const auto number = by.number;
  auto& others = users_[user].singles;
  const auto [made, fresh] = ways_[shard].singles.emplace(
      number, single_call{shard, number, user, std::move(by.address),
                          changes_something(what), nullptr, others});
  WEFT_ASSERT(fresh);
  ++singles_;
  if (others)
    others->previous = &made->second;
  others = &made->second;
  push(shard, {user, 0}, number, std::move(what));
}

void client_core::submit_scattered(asker&& by, const any_call& what) {
  const auto user = by.user;
  const auto number = by.number;
  auto& mine = begin(form::scattered, std::move(by))->second;
  if (const auto* read = std::get_if<call::read>(&what)) {
    router_.read(read->what, {number, user, read->timeout, {}}, now_);
  } else if (const auto* take = std::get_if<call::take>(&what)) {
    router_.take(take->what, {number, user, take->timeout, take->claim_lease},
                 now_);
  } else if (const auto* read_all = std::get_if<call::read_all>(&what)) {
    mine.many = true;
    router_.read_all(read_all->what, read_all->limit, number);
  } else if (const auto* take_all = std::get_if<call::take_all>(&what)) {
    mine.many = true;
    router_.take_all(take_all->what, take_all->limit, number);
  } else {
    mine.counts = true;
    router_.count(std::get<call::count>(what).what, number);
  }
  drain_router();
}

void client_core::submit_gathered(asker&& by, const any_call& what) {
  const auto user = by.user;
  const auto number = by.number;
  auto& mine = begin(form::gathered, std::move(by))->second;
  mine.changes = changes_something(what);
  mine.statistics.resize(ways_.size());
  for (std::size_t shard = 0; shard < ways_.size(); ++shard) {
    mine.shards.insert(shard);
    push(shard, {user, number}, number, any_call{what});
  }
}

void client_core::submit_watch(asker&& by, const call::watch& what,
                               std::optional<std::size_t> shard) {
  const auto user = by.user;
  const auto number = by.number;
  auto& mine = begin(form::watch, std::move(by))->second;
  auto& watch = watches_[number];
  watch.user = user;
  users_[user].watches.insert(number);
  for (std::size_t i = 0; i < ways_.size(); ++i)
    if (shard.value_or(i) == i) {
      watch.shards.insert(i);
      push(i, {user, number}, number, call::watch{what});
    }
  mine.shards = watch.shards;
}

void client_core::submit_fetch(asker&& by, const call::fetch& what) {
  const auto found = watches_.find(what.of);
  if (found == watches_.end() || found->second.user != by.user)
    return refuse(std::move(by), {errc::not_found, "the watch has ended"});
  auto& watch = found->second;
  if (watch.waiting)
    return refuse(std::move(by), {errc::already_exists,
                                  "the watch is being fetched from already"});
  if (auto valid = check_fetch(what.limit, what.timeout); !valid)
    return refuse(std::move(by), std::move(valid.error()));
  const auto number = by.number;
  const auto one = begin(form::fetch, std::move(by));
  one->second.of = what.of;
  one->second.limit = what.limit;
  watch.waiting = number;
  if (what.timeout > duration::zero()) {
    one->second.deadline = now_ + what.timeout;
    deadlines_.emplace(*one->second.deadline, number);
  }
  if (watch.events.empty() && !watch.ended) {
    watch.more = false;
    for (const auto shard : watch.shards)
      if (!watch.asked.contains(shard))
        ask_for_events(one, shard);
  }
  hand_events(watch);
}

/// Asks for what the fetch may still wait for.
void client_core::ask_for_events(call_map::iterator fetch, std::size_t shard) {
  auto& mine = fetch->second;
  const auto left = mine.deadline ? *mine.deadline - now_ : duration::zero();
  const auto own = next_number_++;
  mine.shards.insert(shard);
  watches_.at(mine.of).asked[shard] = own;
  push(shard, {mine.user, mine.of}, own,
       call::fetch{mine.of, mine.limit, left});
}

void client_core::submit_stop(asker&& by, call_number of) {
  const auto user = by.user;
  if (const auto watch = watches_.find(of);
      watch != watches_.end() && watch->second.user == user)
    end_watch(of);
  if (const auto one = calls_.find(of);
      one != calls_.end() && one->second.user == user) {
    if (one->second.kind == form::scattered)
      router_.stop(of);
    else if (one->second.kind != form::fetch)
      for (const auto shard : one->second.shards)
        withdraw(shard, of);
    drain_router();
    end_call(one);
  }
  for (std::size_t shard = 0; shard < ways_.size(); ++shard) {
    const auto one = ways_[shard].singles.find(of);
    if (one == ways_[shard].singles.end() || one->second.user != user)
      continue;
    end_single(one);
    send_stop(shard, user, of);
  }
  answer(std::move(by), {reply::done{}, {}, {}});
}

void client_core::drop_user(std::uint64_t user, time_point now) {
  now_ = now;
  const auto found = users_.find(user);
  if (found == users_.end())
    return;
  const auto mine = std::move(found->second);
  users_.erase(found);
  for (const auto* one = mine.singles; one; --singles_) {
    const auto [shard, number] = std::pair{one->shard, one->number};
    one = one->next;
    ways_[shard].singles.erase(number);
  }
  for (const auto each : mine.watches) {
    for (const auto& [shard, number] : watches_.at(each).asked)
      ways_[shard].open.erase(number);
    watches_.erase(each);
  }
  for (const auto each : mine.calls) {
    const auto one = calls_.find(each);
    if (one->second.kind == form::scattered)
      router_.stop(each);
    for (const auto shard : one->second.shards)
      ways_[shard].open.erase(each);
    end_call(one);
  }
  drain_router();
  // Ends what still waits there, too.
  for (const auto shard : mine.visited)
    push(shard, {user, 0}, next_number_++, call::leave{});
}

void client_core::end_watch(call_number which) {
  const auto found = watches_.find(which);
  const auto watch = std::move(found->second);
  watches_.erase(found);
  if (const auto user = users_.find(watch.user); user != users_.end())
    user->second.watches.erase(which);
  for (const auto& [shard, number] : watch.asked)
    ways_[shard].open.erase(number);
  for (const auto shard : watch.shards) {
    ways_[shard].open.erase(which);
    send_stop(shard, watch.user, which);
  }
  if (!watch.waiting)
    return;
  if (const auto one = calls_.find(*watch.waiting); one != calls_.end())
    answer(one, failure{errc::not_found, "the watch has ended"});
}

// Answers.

void client_core::answer(asker&& by, space_answer&& with) {
  effects_.emplace_back(std::in_place_type<client_effect::answered>, by.user,
                        by.number, std::move(with), std::move(by.address));
}

void client_core::answer(call_map::iterator which, space_answer&& with) {
  answer({which->second.user, which->first, std::move(which->second.address)},
         std::move(with));
  end_call(which);
}

void client_core::answer(single_map::iterator which, space_answer&& with) {
  answer({which->second.user, which->first, std::move(which->second.address)},
         std::move(with));
  end_single(which);
}

void client_core::answer(call_map::iterator which, any_reply&& with) {
  answer(which, space_answer{std::move(with), {}, {}});
}

void client_core::refuse(asker&& by, failure why) {
  answer(std::move(by), {std::move(why), {}, {}});
}

std::optional<any_client_effect> client_core::next_effect(time_point now) {
  if (!effects_.empty()) {
    auto first = std::move(effects_.front());
    effects_.pop_front();
    return first;
  }
  for (std::size_t shard = 0; shard < ways_.size(); ++shard)
    if (ways_[shard].up)
      if (auto frame = ways_[shard].link.next_frame(now))
        return client_effect::send{shard, *std::move(frame)};
  return std::nullopt;
}

} // namespace weft::spaces
