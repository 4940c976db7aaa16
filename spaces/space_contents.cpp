#include "spaces/space_contents.hpp"

#include <algorithm>

namespace weft::spaces {

std::size_t part_size(std::span<const new_tuple> tuples) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (; count < tuples.size() && count < part_tuples_max; ++count) {
    bytes += tuples[count].what.content_bytes();
    if (bytes > part_bytes_max && count > 0)
      break;
  }
  return count;
}

std::optional<duration> space_contents::lease_left(place at,
                                                   time_point now) const {
  const auto note = space_.index_.note_of(at);
  if (note == timer_wheel::no_timer)
    return std::nullopt;
  if (note == space_core::ended_meanwhile)
    return duration{1};
  return std::max(duration{1}, space_.timers_.deadline_of(note) - now);
}

std::vector<new_tuple>
space_contents::with_leases(std::span<const place> places,
                            time_point now) const {
  std::vector<new_tuple> tuples;
  tuples.reserve(places.size());
  for (const auto at : places)
    tuples.push_back({space_.index_.at(at), lease_left(at, now)});
  return tuples;
}

std::vector<new_tuple> space_contents::matching(const pattern& what,
                                                time_point now) const {
  return with_leases(space_.index_.oldest(what, ~std::size_t{0}), now);
}

std::vector<new_tuple> space_contents::all(time_point now) const {
  return with_leases(space_.index_.all(), now);
}

result<reply::carried> space_contents::claim(const call::carry& what,
                                             client_id client,
                                             time_point now) const {
  if (auto valid = check_lease(what.lease); !valid)
    return pass_on(valid);
  auto places = space_.index_.oldest(what.what, part_tuples_max + 1);
  const auto old = std::ranges::find_if(places, [&](place at) {
    return space_.index_.id_of(at).sequence >= what.until;
  });
  places.erase(old, places.end());
  reply::carried part;
  part.end = space_.index_.last_sequence() + 1;
  part.tuples = with_leases(places, now);
  const auto count = part_size(part.tuples);
  part.more = count < places.size();
  part.tuples.resize(count);
  places.resize(count);
  if (!places.empty())
    part.claim = space_.hide(std::move(places), client, what.lease, now);
  return part;
}

} // namespace weft::spaces
