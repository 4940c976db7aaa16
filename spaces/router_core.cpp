#include "spaces/router_core.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::spaces {

router_core::router_core(std::size_t shards) : shards_{shards}, lost_(shards) {
  WEFT_ASSERT(shards_ > 0);
}

router_core::pending_map::iterator
router_core::begin(form kind, const pattern& what, ticket by) {
  const auto [made, fresh] = requests_.try_emplace(by);
  WEFT_ASSERT(fresh);
  made->second.kind = kind;
  made->second.what = what;
  made->second.parts.resize(kind == form::many ? shards_ : 0);
  return made;
}

void router_core::send(std::size_t shard, ticket by,
                       any_shard_command command) {
  effects_.emplace_back(router_effect::send{shard, by, std::move(command)});
}

void router_core::send_to_all(pending_map::iterator one,
                              const any_shard_command& command) {
  auto& mine = one->second;
  const bool all = mine.kind == form::many || mine.kind == form::count;
  for (std::size_t shard = 0; shard < shards_; ++shard)
    if (!lost_[shard])
      mine.open.insert(shard);
  if (mine.open.empty() || (all && mine.open.size() < shards_))
    return fail_lost(one, false);
  if (mine.deadline)
    deadlines_.emplace(*mine.deadline, one->first);
  for (const auto shard : mine.open)
    send(shard, one->first, command);
}

void router_core::read(const pattern& what, const request& by, time_point now) {
  if (by.timeout == duration::zero()) {
    const auto one = begin(form::one_by_one, what, by.ticket);
    return ask_first(one);
  }
  const auto one = begin(form::read, what, by.ticket);
  one->second.deadline = now + by.timeout;
  send_to_all(one, shard_command::read{what, by.timeout});
}

void router_core::take(const pattern& what, const request& by, time_point now) {
  const bool waits = by.timeout > duration::zero();
  const auto one =
      begin(waits ? form::take : form::one_by_one, what, by.ticket);
  one->second.takes = true;
  one->second.claim_lease = by.claim_lease;
  if (!waits)
    return ask_first(one);
  one->second.deadline = now + by.timeout;
  send_to_all(one, shard_command::interest{what, by.timeout, by.claim_lease});
}

void router_core::read_all(const pattern& what, std::size_t limit, ticket by) {
  const auto one = begin(form::many, what, by);
  one->second.limit = limit;
  send_to_all(one, shard_command::read_all{what, limit});
}

/// One shard after the other, so that none takes above the limit.
void router_core::take_all(const pattern& what, std::size_t limit, ticket by) {
  const auto one = begin(form::many, what, by);
  one->second.limit = limit;
  one->second.takes = true;
  if (std::find(lost_.begin(), lost_.end(), true) != lost_.end())
    return fail_lost(one, false);
  ask_first(one);
}

void router_core::count(const pattern& what, ticket by) {
  send_to_all(begin(form::count, what, by), shard_command::count{what});
}

/// Asks shards one by one.
void router_core::ask_first(pending_map::iterator one) {
  auto& mine = one->second;
  const auto first = mine.kind == form::many ? 0 : first_asked_++;
  for (std::size_t i = 0; i < shards_; ++i)
    if (const auto shard = (first + i) % shards_; !lost_[shard])
      mine.next.push_back(shard);
  mine.left_out = mine.next.size() < shards_;
  if (mine.next.empty())
    return fail_lost(one, false);
  ask_next(one);
}

void router_core::ask_next(pending_map::iterator one) {
  auto& mine = one->second;
  const auto shard = mine.next.front();
  mine.next.pop_front();
  mine.open = {shard};
  if (mine.kind == form::many)
    send(shard, one->first, shard_command::take_all{mine.what, mine.limit});
  else if (mine.takes)
    send(shard, one->first, shard_command::take{mine.what, mine.claim_lease});
  else
    send(shard, one->first, shard_command::read{mine.what, duration::zero()});
}

void router_core::finish(pending_map::iterator one) {
  if (one->second.deadline)
    deadlines_.erase({*one->second.deadline, one->first});
  requests_.erase(one);
}

void router_core::answer_found(pending_map::iterator one, std::size_t shard,
                               found_tuple what, claim_id claim) {
  router_effect::answered made{one->first, {{}, claim}, {shard}, 1};
  made.answer.tuples.push_back(std::move(what));
  effects_.emplace_back(std::move(made));
  // Where it waited and was not answered.
  for (const auto other : one->second.open)
    if (other != shard)
      send(other, one->first, shard_command::withdraw{});
  finish(one);
}

void router_core::claim_next(pending_map::iterator one) {
  auto& mine = one->second;
  if (mine.refusal)
    return fail(one, *std::move(mine.refusal));
  if (mine.offers.empty()) {
    if (mine.open.empty())
      return fail_lost(one, false);
    if (!mine.time_is_up)
      return;
    for (const auto shard : mine.open)
      send(shard, one->first, shard_command::withdraw{});
    effects_.emplace_back(router_effect::timed_out{one->first});
    return finish(one);
  }
  mine.claiming = mine.offers.front();
  mine.offers.pop_front();
  send(mine.claiming->shard, one->first,
       shard_command::take_offer{mine.claiming->id});
}

void router_core::on_offer(std::size_t shard, ticket by, const tuple_id& id) {
  const auto one = requests_.find(by);
  if (one == requests_.end() || one->second.kind != form::take
      || !one->second.open.contains(shard))
    return;
  one->second.offers.push_back({shard, id});
  if (!one->second.claiming)
    claim_next(one);
}

void router_core::on_found(std::size_t shard, ticket by,
                           std::optional<found_tuple> what, claim_id claim) {
  const auto one = requests_.find(by);
  if (one == requests_.end() || !one->second.open.contains(shard))
    return;
  auto& mine = one->second;
  if (what)
    return answer_found(one, shard, *std::move(what), claim);
  if (mine.kind == form::take) {
    if (mine.claiming && mine.claiming->shard == shard) {
      mine.claiming.reset();
      claim_next(one);
    }
    return;
  }
  // A read that waits hears of the end of its time from its own deadline.
  if (mine.kind != form::one_by_one)
    return;
  if (!mine.next.empty())
    return ask_next(one);
  mine.open.clear();
  if (mine.left_out)
    return fail_lost(one, false);
  effects_.emplace_back(router_effect::answered{by, {}, {}, 0});
  finish(one);
}

void router_core::on_many(std::size_t shard, ticket by,
                          std::vector<found_tuple> what) {
  const auto one = requests_.find(by);
  if (one == requests_.end() || one->second.open.erase(shard) == 0)
    return;
  auto& mine = one->second;
  mine.counted += what.size();
  if (mine.takes)
    mine.limit -= std::min(mine.limit, what.size());
  mine.parts[shard] = std::move(what);
  if (mine.takes && mine.limit > 0 && !mine.next.empty())
    return ask_next(one);
  if (mine.takes && mine.limit > 0 && mine.left_out)
    return fail_lost(one, false);
  if (mine.open.empty())
    answer_merged(one);
}

void router_core::on_count(std::size_t shard, ticket by, std::uint64_t count) {
  const auto one = requests_.find(by);
  if (one == requests_.end() || one->second.open.erase(shard) == 0)
    return;
  one->second.counted += count;
  if (one->second.open.empty())
    answer_merged(one);
}

void router_core::answer_merged(pending_map::iterator one) {
  auto& mine = one->second;
  router_effect::answered made{one->first, {}, {}, mine.counted};
  for (std::size_t shard = 0; shard < mine.parts.size(); ++shard)
    for (auto& each : mine.parts[shard]) {
      if (!mine.takes && made.answer.tuples.size() == mine.limit)
        break;
      made.answer.tuples.push_back(std::move(each));
      made.shards.push_back(shard);
    }
  if (mine.kind == form::many)
    made.count = made.answer.tuples.size();
  effects_.emplace_back(std::move(made));
  finish(one);
}

void router_core::on_refused(std::size_t shard, ticket by, failure why) {
  const auto one = requests_.find(by);
  if (one == requests_.end() || one->second.open.erase(shard) == 0)
    return;
  auto& mine = one->second;
  const bool elsewhere = mine.claiming && mine.claiming->shard != shard;
  if (!elsewhere)
    return fail(one, std::move(why));
  mine.refusal = std::move(why);
}

/// Fails, unless tuples were taken already: their taker is to have them.
void router_core::fail(pending_map::iterator one, failure why) {
  auto& mine = one->second;
  if (mine.kind == form::many && mine.takes && mine.counted > 0)
    return answer_merged(one);
  for (const auto shard : mine.open)
    if (!lost_[shard])
      send(shard, one->first, shard_command::withdraw{});
  effects_.emplace_back(router_effect::failed{one->first, std::move(why)});
  finish(one);
}

void router_core::fail_lost(pending_map::iterator one, bool unknown) {
  if (unknown)
    return fail(one,
                {errc::timed_out,
                 fmt::format("shards of the space were lost ({}) while one "
                             "was asked for a tuple; whether it gave one "
                             "is unknown; if its node ended, its tuples "
                             "are gone",
                             lost_shards())});
  fail(one, {errc::unavailable,
             fmt::format("shards of the space cannot be reached ({}); nothing "
                         "was done; if a node ended, the tuples of its shards "
                         "are gone",
                         lost_shards())});
}

/// Their numbers: "0, 2".
std::string router_core::lost_shards() const {
  std::string all;
  for (std::size_t shard = 0; shard < shards_; ++shard)
    if (lost_[shard])
      all += (all.empty() ? "" : ", ") + std::to_string(shard);
  return all;
}

void router_core::lose(pending_map::iterator one, std::size_t shard,
                       bool touched) {
  auto& mine = one->second;
  std::erase_if(mine.offers,
                [shard](const offer& each) { return each.shard == shard; });
  mine.left_out = mine.left_out || std::erase(mine.next, shard) > 0;
  if (mine.open.erase(shard) == 0)
    return;
  mine.left_out = true;
  switch (mine.kind) {
  case form::take:
    if (mine.claiming && mine.claiming->shard == shard)
      return lose_claim(one, touched);
    break;
  case form::one_by_one:
    if (mine.takes && touched)
      return fail_lost(one, true);
    if (!mine.next.empty())
      return ask_next(one);
    break;
  case form::many:
    return fail_lost(one, mine.takes && touched);
  case form::count:
    return fail_lost(one, false);
  case form::read:
    break;
  }
  if (mine.open.empty())
    fail_lost(one, false);
}

void router_core::lose_claim(pending_map::iterator one, bool touched) {
  if (touched)
    return fail_lost(one, true);
  one->second.claiming.reset();
  claim_next(one);
}

void router_core::on_lost(std::size_t shard,
                          const std::set<ticket>& untouched) {
  lost_[shard] = true;
  std::vector<ticket> affected;
  for (const auto& [by, one] : requests_)
    affected.push_back(by);
  std::sort(affected.begin(), affected.end());
  for (const auto by : affected)
    lose(requests_.find(by), shard, !untouched.contains(by));
}

void router_core::on_back(std::size_t shard, time_point now) {
  if (!lost_[shard])
    return;
  lost_[shard] = false;
  for (auto& [by, one] : requests_) {
    const bool waits = one.deadline && *one.deadline > now;
    if (!waits || !one.open.insert(shard).second)
      continue;
    const auto left = *one.deadline - now;
    if (one.kind == form::take)
      send(shard, by, shard_command::interest{one.what, left, one.claim_lease});
    else
      send(shard, by, shard_command::read{one.what, left});
  }
}

void router_core::stop(ticket by) {
  const auto one = requests_.find(by);
  if (one == requests_.end())
    return;
  for (const auto shard : one->second.open)
    send(shard, by, shard_command::withdraw{});
  finish(one);
}

void router_core::advance(time_point now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto one = requests_.find(deadlines_.begin()->second);
    deadlines_.erase(deadlines_.begin());
    one->second.deadline.reset();
    one->second.time_is_up = true;
    one->second.offers.clear();
    if (!one->second.claiming)
      claim_next(one);
  }
}

std::optional<time_point> router_core::next_deadline() const {
  if (deadlines_.empty())
    return std::nullopt;
  return deadlines_.begin()->first;
}

std::optional<any_router_effect> router_core::next_effect() {
  if (effects_.empty())
    return std::nullopt;
  auto first = std::move(effects_.front());
  effects_.pop_front();
  return first;
}

} // namespace weft::spaces
