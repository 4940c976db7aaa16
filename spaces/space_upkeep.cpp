#include "spaces/space_core.hpp"

#include <fmt/format.h>

namespace weft::spaces {

result<void> space_core::watch(ticket by, client_id client, pattern what,
                               const watch_options& options) {
  if (options.buffer == 0 || options.buffer > watch_events_max)
    return fail(errc::invalid_argument,
                fmt::format("a watch buffers 1 to {} events; got {}",
                            watch_events_max, options.buffer));
  if (options.kinds == 0 || options.kinds > 7)
    return fail(errc::invalid_argument,
                fmt::format("a watch is for kinds 1 to 7 of events; got {}",
                            options.kinds));
  if (watchers_.contains(by))
    return fail(errc::already_exists,
                fmt::format("the request {} watches already", by));
  if (watchers_.size() >= options_.watches_max)
    return fail(errc::exhausted,
                fmt::format("{} watches are open; a space keeps no more",
                            options_.watches_max));
  watches_.add(by, std::move(what), options);
  watchers_[by] = client;
  clients_[client].watches.insert(by);
  return {};
}

std::optional<watches::fetched> space_core::fetch(ticket by,
                                                  std::size_t limit) {
  auto fetched = watches_.fetch(by, limit);
  if (fetched && fetched->ended)
    unwatch(by);
  return fetched;
}

bool space_core::unwatch(ticket by) {
  const auto found = watchers_.find(by);
  if (found == watchers_.end())
    return false;
  watches_.remove(by);
  forget_holding(found->second, &holdings::watches, by);
  watchers_.erase(found);
  return true;
}

result<void> space_core::arrive(arrival who, client_id client, duration timeout,
                                time_point now) {
  if (auto valid = check_timeout(timeout); !valid)
    return valid;
  const auto by = who.ticket;
  if (barrier_waits_.contains(by))
    return fail(errc::already_exists,
                fmt::format("the request {} waits already", by));
  const auto told = effects_.size();
  if (auto arrived = barriers_.arrive(std::move(who), effects_); !arrived)
    return arrived;
  if (effects_.size() > told) {
    for (auto i = told; i < effects_.size(); ++i)
      leave_barrier(std::get<effect::gathered>(effects_[i]).ticket, false);
    return {};
  }
  if (timeout == duration::zero()) {
    barriers_.leave(by, &effects_);
    return {};
  }
  barrier_waits_[by] = {client, timers_.add(now + timeout, {barrier_end, by})};
  clients_[client].barriers.insert(by);
  return {};
}

/// Forgets a participant; one that still waits leaves, and with `told` learns
/// who is missing.
void space_core::leave_barrier(ticket by, bool told) {
  barriers_.leave(by, told ? &effects_ : nullptr);
  const auto found = barrier_waits_.find(by);
  if (found == barrier_waits_.end())
    return;
  if (found->second.timer != timer_wheel::no_timer)
    timers_.cancel(found->second.timer);
  forget_holding(found->second.client, &holdings::barriers, by);
  barrier_waits_.erase(found);
}

void space_core::forget_holding(client_id client,
                                std::unordered_set<ticket> holdings::*of,
                                ticket by) {
  const auto found = clients_.find(client);
  if (found == clients_.end())
    return;
  (found->second.*of).erase(by);
  if (found->second.empty())
    clients_.erase(found);
}

void space_core::drop_clients(std::span<const client_id> clients,
                              time_point now) {
  std::vector<tuple_id> offers;
  std::vector<claim_id> claims;
  // What waits first, so that it gets nothing of what is given back.
  for (const auto client : clients) {
    const auto found = clients_.find(client);
    if (found == clients_.end())
      continue;
    const auto held = std::move(found->second);
    clients_.erase(found);
    for (const auto by : held.waits) {
      const auto which = waiters_.find(by);
      if (which->second.offer)
        offers.push_back(*which->second.offer);
      remove_waiter(which);
    }
    for (const auto by : held.barriers)
      leave_barrier(by, false);
    for (const auto by : held.watches)
      unwatch(by);
    claims.insert(claims.end(), held.claims.begin(), held.claims.end());
  }
  for (const auto& id : offers)
    offer_next(id);
  std::vector<place> places;
  for (const auto each : claims) {
    const auto hidden = end_claim(each);
    places.insert(places.end(), hidden.begin(), hidden.end());
  }
  put_back(std::move(places), now);
}

void space_core::advance(time_point now) {
  std::vector<place> back;
  while (const auto what = timers_.next_due(now)) {
    if (what->kind != claim_end) {
      on_timer(*what);
      continue;
    }
    // Together, so that many that end at once are put back in order.
    claims_.at(what->id).timer = timer_wheel::no_timer;
    const auto hidden = end_claim(what->id);
    back.insert(back.end(), hidden.begin(), hidden.end());
  }
  put_back(std::move(back), now);
}

void space_core::on_timer(const timer_wheel::purpose& what) {
  if (what.kind == tuple_lease) {
    const place at{static_cast<std::uint32_t>(what.id >> 32),
                   static_cast<std::uint32_t>(what.id)};
    auto& note = index_.note_of(at);
    note = timer_wheel::no_timer;
    if (index_.find(index_.id_of(at)))
      expire(at);
    else
      note = ended_meanwhile;
  } else if (what.kind == barrier_end) {
    barrier_waits_.at(what.id).timer = timer_wheel::no_timer;
    leave_barrier(what.id, true);
  } else {
    waiters_.at(what.id).timer = timer_wheel::no_timer;
    effects_.emplace_back(effect::timed_out{what.id});
    stop_waiting(what.id);
  }
}

/// Removes a stored tuple whose lease ends.
void space_core::expire(place at) {
  const auto id = index_.id_of(at);
  drop_lease(at);
  const auto what = index_.remove(at);
  ++counts_.expired;
  report(watch_kind::expired, id, what);
}

std::size_t space_core::clear() {
  const auto places = index_.all();
  for (const auto at : places)
    drop_lease(at);
  if (!watches_.empty())
    for (const auto at : places)
      report(watch_kind::taken, index_.id_of(at), index_.at(at));
  while (!claims_.empty())
    end_claim(claims_.begin()->first);
  index_.clear();
  return places.size();
}

space_statistics space_core::statistics() const {
  auto all = counts_;
  all.index = index_.statistics();
  all.interest_probes =
      readers_.probes() + takers_.probes() + watches_.probes();
  all.waiters = waiters_.size() + barriers_.waiting();
  all.claims = claims_.size();
  all.watches = watches_.size();
  all.barriers = barriers_.size();
  all.watch_events_dropped = watches_.dropped();
  all.last_sequence = index_.last_sequence();
  all.oldest_sequence = index_.oldest_sequence();
  return all;
}

} // namespace weft::spaces
