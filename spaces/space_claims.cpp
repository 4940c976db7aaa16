#include "spaces/space_core.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::spaces {

claim_id space_core::hide(std::vector<place> places, client_id client,
                          duration lease, time_point now) {
  const auto id = next_claim_++;
  for (const auto at : places)
    index_.hide(at);
  claimed_tuples_ += places.size();
  claims_[id] = {client, std::move(places),
                 timers_.add(now + lease, {claim_end, id})};
  clients_[client].claims.insert(id);
  return id;
}

result<answer> space_core::claim_all(const pattern& what, std::size_t limit,
                                     client_id client, duration lease,
                                     time_point now) {
  if (auto valid = check_limit(limit); !valid)
    return pass_on(valid);
  if (auto valid = check_lease(lease); !valid)
    return pass_on(valid);
  answer got;
  auto places = index_.oldest(what, limit);
  if (places.empty())
    return got;
  if (auto fits = check_answer(index_.content_bytes(places)); !fits)
    return pass_on(fits);
  for (const auto at : places)
    got.tuples.push_back(index_.found(at));
  got.claim = hide(std::move(places), client, lease, now);
  return got;
}

result<claim*> space_core::find_claim(claim_id which, client_id client) {
  const auto found = claims_.find(which);
  if (found == claims_.end() || found->second.client != client)
    return fail(
        errc::not_found,
        fmt::format("the claim {} has ended, or is another client's", which));
  return &found->second;
}

/// Forgets the claim; its tuples are still hidden.
std::vector<place> space_core::end_claim(claim_id which) {
  const auto found = claims_.find(which);
  auto gone = std::move(found->second);
  claims_.erase(found);
  if (gone.timer != timer_wheel::no_timer)
    timers_.cancel(gone.timer);
  claimed_tuples_ -= gone.places.size();
  const auto client = clients_.find(gone.client);
  if (client != clients_.end()) {
    client->second.claims.erase(which);
    if (client->second.empty())
      clients_.erase(client);
  }
  return std::move(gone.places);
}

/// Makes hidden tuples stored again, the youngest first, which finds each
/// one's old place soonest; then, the oldest first, gives them to those who
/// wait.
void space_core::put_back(std::vector<place> places, time_point now) {
  const auto id_of = [this](place at) { return index_.id_of(at); };
  std::sort(places.begin(), places.end(), [&](place a, place b) {
    return id_of(a).sequence > id_of(b).sequence;
  });
  std::vector<tuple_id> back;
  for (const auto at : places) {
    const bool ended = index_.note_of(at) == ended_meanwhile;
    index_.show(at);
    if (ended)
      expire(at);
    else
      back.push_back(id_of(at));
  }
  std::reverse(back.begin(), back.end());
  for (const auto& id : back)
    if (const auto at = index_.find(id))
      settle(*at, now);
}

result<std::vector<tuple_id>> space_core::confirm(claim_id claim,
                                                  client_id client,
                                                  std::vector<new_tuple> writes,
                                                  time_point now) {
  if (auto found = find_claim(claim, client); !found)
    return pass_on(found);
  if (!writes.empty())
    if (auto valid = check_batch(writes); !valid)
      return pass_on(valid);
  std::size_t bytes = 0;
  for (const auto& each : writes)
    bytes += each.what.content_bytes();
  if (auto room = check_room(writes.size(), bytes); !room)
    return pass_on(room);
  for (const auto at : end_claim(claim)) {
    const auto found = index_.found(at);
    drop_lease(at);
    index_.forget(at);
    ++counts_.taken;
    report(watch_kind::taken, found.id, found.what);
  }
  std::vector<tuple_id> ids;
  ids.reserve(writes.size());
  for (auto& each : writes)
    ids.push_back(put(std::move(each.what), each.lease, now));
  return ids;
}

result<void> space_core::release(claim_id claim, client_id client,
                                 time_point now) {
  if (auto found = find_claim(claim, client); !found)
    return pass_on(found);
  put_back(end_claim(claim), now);
  return {};
}

result<void> space_core::renew_claim(claim_id claim, client_id client,
                                     duration lease, time_point now) {
  if (auto valid = check_lease(lease); !valid)
    return valid;
  auto found = find_claim(claim, client);
  if (!found)
    return pass_on(found);
  timers_.cancel((*found)->timer);
  (*found)->timer = timers_.add(now + lease, {claim_end, claim});
  return {};
}

result<void> space_core::renew(const tuple_id& id,
                               std::optional<duration> lease, time_point now) {
  if (auto valid = check_lease(lease); !valid)
    return valid;
  const auto at = index_.find_any(id);
  if (!at || index_.note_of(*at) == ended_meanwhile)
    return fail(errc::not_found,
                fmt::format("the tuple {} is gone", id.sequence));
  drop_lease(*at);
  if (lease)
    set_lease(*at, *lease, now);
  return {};
}

result<void> space_core::cancel(const tuple_id& id) {
  const auto at = index_.find(id);
  if (!at)
    return fail(errc::not_found,
                fmt::format("the tuple {} is gone or claimed", id.sequence));
  expire(*at);
  return {};
}

} // namespace weft::spaces
