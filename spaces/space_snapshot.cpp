#include "spaces/binary.hpp"
#include "spaces/byte_reader.hpp"
#include "spaces/space_core.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::spaces {

namespace {

using failed = tl::unexpected<failure>;

/// "weft", "s", version 1.
constexpr std::string_view magic = "wefts\x01";

/// A tuple of a snapshot.
struct kept_tuple {
  std::uint64_t sequence = 0;
  /// 0: none.
  std::uint64_t lease = 0;
  tuple what;
};

result<kept_tuple> read_one(byte_reader& from, std::uint64_t last) {
  const auto step = from.number_up_to(~last, "for the next sequence number");
  if (!step)
    return failed(step.error());
  if (*step == 0)
    return from.wrong("expected growing sequence numbers, got the same twice");
  const auto lease = from.number_up_to(
      static_cast<std::uint64_t>(lease_max.count()), "ns of a lease");
  if (!lease)
    return failed(lease.error());
  auto rest = from.rest();
  const auto before = rest.size();
  auto what = decode_tuple(rest);
  if (!what)
    return from.wrong(what.error().message);
  static_cast<void>(from.bytes(before - rest.size()));
  return kept_tuple{last + *step, *lease, *std::move(what)};
}

} // namespace

/// The magic, the last sequence number, the number of tuples, and for each, by
/// sequence number: its distance from the one before, the rest of its lease in
/// ns (0: none), the tuple.
std::string space_core::snapshot(time_point now) const {
  const auto places = index_.all();
  std::string bytes{magic};
  append_number(bytes, index_.last_sequence());
  append_number(bytes, places.size());
  std::uint64_t last = 0;
  for (const auto at : places) {
    const auto id = index_.id_of(at);
    const auto note = index_.note_of(at);
    duration rest = duration::zero();
    if (note == ended_meanwhile)
      rest = duration{1};
    else if (note != timer_wheel::no_timer)
      rest = std::max(duration{1}, timers_.deadline_of(note) - now);
    append_number(bytes, id.sequence - last);
    append_number(bytes, static_cast<std::uint64_t>(rest.count()));
    encode(index_.at(at), bytes);
    last = id.sequence;
  }
  return bytes;
}

result<void> space_core::restore(std::string_view snapshot, time_point now) {
  WEFT_ASSERT(index_.last_sequence() == 0);
  byte_reader from{snapshot};
  const auto head = from.bytes(magic.size());
  if (!head || *head != magic)
    return fail(errc::invalid_argument,
                "byte 0: expected a snapshot of version 1, got none");
  const auto last_sequence = from.number();
  if (!last_sequence)
    return failed(last_sequence.error());
  const auto count = from.number_up_to(
      std::min<std::uint64_t>(options_.tuples_max, from.left()), "tuples");
  if (!count)
    return failed(count.error());
  std::vector<kept_tuple> kept;
  std::uint64_t last = 0;
  std::uint64_t bytes = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    auto one = read_one(from, last);
    if (!one)
      return failed(one.error());
    last = one->sequence;
    bytes += one->what.content_bytes();
    kept.push_back(*std::move(one));
  }
  if (last > *last_sequence || from.left() > 0)
    return from.wrong("expected the end after the last tuple, got more");
  if (auto room = check_room(kept.size(), bytes); !room)
    return room;
  for (auto& one : kept) {
    const auto id = index_.insert_as(std::move(one.what), one.sequence);
    if (one.lease > 0)
      set_lease(id.at, duration{static_cast<duration::rep>(one.lease)}, now);
  }
  index_.restored(*last_sequence);
  return {};
}

} // namespace weft::spaces
