#include "spaces/space_core.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

constexpr std::uint64_t readers_salt = 0x243F6A8885A308D3;

} // namespace

space_core::space_core(space_options options, std::uint64_t seed,
                       claim_id first_claim)
    : options_{options}, index_{options.shapes, seed}, readers_{seed
                                                                ^ readers_salt},
      takers_{seed ^ readers_salt}, watches_{seed ^ readers_salt},
      barriers_{options.barriers_max}, next_claim_{first_claim} {}

result<void> space_core::check_room(std::size_t tuples,
                                    std::size_t bytes) const {
  if (has_room(tuples, bytes))
    return {};
  const auto held = index_.size() + claimed_tuples_;
  if (held + tuples > options_.tuples_max)
    return fail(errc::exhausted,
                fmt::format("the space holds {} of at most {} tuples", held,
                            options_.tuples_max));
  return fail(errc::exhausted,
              fmt::format("the space holds {} of at most {} bytes",
                          index_.content_bytes(), options_.content_bytes_max));
}

void space_core::set_lease(place at, duration lease, time_point now) {
  const auto id = std::uint64_t{at.store} << 32 | at.item;
  index_.note_of(at) = timers_.add(now + lease, {tuple_lease, id});
}

void space_core::drop_lease(place at) {
  auto& note = index_.note_of(at);
  if (note == timer_wheel::no_timer)
    return;
  if (note != ended_meanwhile)
    timers_.cancel(note);
  note = timer_wheel::no_timer;
}

found_tuple space_core::take_out(place at) {
  const auto lease = index_.note_of(at);
  found_tuple found{index_.id_of(at), index_.remove(at)};
  if (lease != timer_wheel::no_timer)
    timers_.cancel(lease);
  ++counts_.taken;
  report(watch_kind::taken, found.id, found.what);
  return found;
}

tuple_id space_core::put(tuple&& what, std::optional<duration> lease,
                         time_point now) {
  ++counts_.written;
  const auto taker = takers_.oldest(what);
  if (taker || readers_.oldest(what) || !watches_.empty()) [[unlikely]]
    return put_for_some(taker, what, lease, now);
  const auto id = index_.insert(std::move(what));
  if (lease)
    set_lease(id.at, *lease, now);
  return id;
}

/// For those who wait or watch.
tuple_id space_core::put_for_some(std::optional<ticket> taker,
                                  const tuple& what,
                                  const std::optional<duration>& lease,
                                  time_point now) {
  const tuple_id early{index_.next_sequence(), nowhere};
  if (taker && hand_off(*taker, early, what))
    return early;
  const auto id = index_.insert_as(what, early.sequence);
  if (lease)
    set_lease(id.at, *lease, now);
  report(watch_kind::added, id, what);
  settle(id.at, now);
  return id;
}

result<tuple_id> space_core::write(tuple what, std::optional<duration> lease,
                                   time_point now) {
  if (!is_lease(lease) || !has_room(1, what.content_bytes())) [[unlikely]] {
    if (auto valid = check_lease(lease); !valid)
      return pass_on(valid);
    if (auto room = check_room(1, what.content_bytes()); !room)
      return pass_on(room);
  }
  return put(std::move(what), lease, now);
}

result<std::vector<tuple_id>>
space_core::write_batch(std::vector<new_tuple> tuples, time_point now) {
  if (auto valid = check_batch(tuples); !valid)
    return pass_on(valid);
  std::size_t bytes = 0;
  for (const auto& each : tuples)
    bytes += each.what.content_bytes();
  if (auto room = check_room(tuples.size(), bytes); !room)
    return pass_on(room);
  std::vector<tuple_id> ids;
  ids.reserve(tuples.size());
  for (auto& each : tuples)
    ids.push_back(put(std::move(each.what), each.lease, now));
  return ids;
}

space_core::taken space_core::get(wait_kind kind, place at, const request& by,
                                  time_point now) {
  if (kind == wait_kind::read)
    return {index_.found(at), 0};
  if (!by.claim_lease)
    return {take_out(at), 0};
  auto found = index_.found(at);
  const auto claim = hide({at}, by.client, *by.claim_lease, now);
  return {std::move(found), claim};
}

result<std::optional<space_core::taken>> space_core::ask(wait_kind kind,
                                                         const pattern& what,
                                                         const request& by,
                                                         time_point now) {
  if (!is_timeout(by.timeout) || !is_lease(by.claim_lease)) [[unlikely]]
    if (auto valid = check_request(by); !valid)
      return pass_on(valid);
  if (const auto at = index_.oldest(what))
    return std::optional{get(kind, *at, by, now)};
  if (by.timeout == duration::zero())
    return std::nullopt;
  if (auto can = check_wait(by); !can)
    return pass_on(can);
  auto& one = add_waiter(kind, by, now);
  listen(by.ticket, one, what);
  return std::nullopt;
}

result<std::optional<space_core::taken>>
space_core::read(const pattern& what, const request& by, time_point now) {
  return ask(wait_kind::read, what, by, now);
}

result<std::optional<space_core::taken>>
space_core::take(const pattern& what, const request& by, time_point now) {
  return ask(wait_kind::take, what, by, now);
}

result<std::vector<found_tuple>> space_core::read_all(const pattern& what,
                                                      std::size_t limit) {
  if (auto valid = check_limit(limit); !valid)
    return pass_on(valid);
  const auto places = index_.oldest(what, limit);
  if (auto fits = check_answer(index_.content_bytes(places)); !fits)
    return pass_on(fits);
  std::vector<found_tuple> found;
  for (const auto at : places)
    found.push_back(index_.found(at));
  return found;
}

result<std::vector<found_tuple>> space_core::take_all(const pattern& what,
                                                      std::size_t limit) {
  if (auto valid = check_limit(limit); !valid)
    return pass_on(valid);
  const auto places = index_.oldest(what, limit);
  if (auto fits = check_answer(index_.content_bytes(places)); !fits)
    return pass_on(fits);
  std::vector<found_tuple> found;
  for (const auto at : places)
    found.push_back(take_out(at));
  return found;
}

result<std::optional<space_core::swapped>>
space_core::swap(const pattern& what, new_tuple with, time_point now) {
  if (auto valid = check_lease(with.lease); !valid)
    return pass_on(valid);
  const auto at = index_.oldest(what);
  if (!at)
    return std::nullopt;
  if (auto room = check_room(0, with.what.content_bytes()); !room)
    return pass_on(room);
  auto found = take_out(*at);
  const auto written = put(std::move(with.what), with.lease, now);
  return swapped{std::move(found), written};
}

result<exchanged> space_core::compare_and_swap(const pattern& what,
                                               const tuple& expected,
                                               new_tuple with, time_point now) {
  if (auto valid = check_lease(with.lease); !valid)
    return pass_on(valid);
  const auto at = index_.oldest(what);
  if (!at)
    return exchanged{};
  if (!(index_.at(*at) == expected))
    return exchanged{index_.found(*at), {}};
  if (auto room = check_room(0, with.what.content_bytes()); !room)
    return pass_on(room);
  auto found = take_out(*at);
  return exchanged{std::move(found),
                   put(std::move(with.what), with.lease, now)};
}

std::optional<space_effect> space_core::next_effect() {
  if (effects_.empty())
    return std::nullopt;
  auto first = std::move(effects_.front());
  effects_.pop_front();
  return first;
}

} // namespace weft::spaces
