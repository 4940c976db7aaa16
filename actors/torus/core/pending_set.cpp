#include "actors/torus/core/pending_set.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace weft::torus {

pending_set::pending_set(std::size_t events_max,
                         std::pmr::memory_resource* memory)
    : events_max_{events_max}, entries_{memory}, previous_{memory},
      slots_(beyond_slot + 1, 0, memory) {
  // The last chunk of each slot may hold a single event.
  const auto partly_filled = std::min(events_max, slots_.size());
  const auto chunks = events_max / chunk_entries + partly_filled;
  entries_.resize(chunks * chunk_entries);
  previous_.resize(chunks);
  reset(0);
}

void pending_set::reset(virtual_time now) {
  std::fill(slots_.begin(), slots_.end(), 0);
  std::iota(previous_.begin(), previous_.end(), 1);
  if (!previous_.empty())
    previous_.back() = no_chunk;
  free_ = previous_.empty() ? no_chunk : 0;
  now_ = now;
  near_end_ = (frame_of(now) + 2) << frame_bits;
  near_ = {};
  far_ = {};
  beyond_first_ = no_frame;
}

std::size_t pending_set::memory_bytes() const {
  return entries_.size() * sizeof(entry)
         + (previous_.size() + slots_.size()) * sizeof(std::uint32_t);
}

/// Not inlined: it is for the few events that lie far ahead.
[[gnu::noinline]] std::size_t pending_set::far_slot(virtual_time time) {
  const auto frame = frame_of(time);
  if (frame - frame_of(now_) < far_slots)
    return slot_of_frame(frame);
  beyond_first_ = std::min(beyond_first_, frame);
  return beyond_slot;
}

[[gnu::noinline]] std::uint32_t pending_set::begin_chunk(std::size_t slot) {
  const auto chunk = free_;
  if (chunk == no_chunk)
    return no_position;
  const auto position = slots_[slot];
  free_ = previous_[chunk];
  previous_[chunk] = position == 0 ? no_chunk : (position - 1) / chunk_entries;
  if (slot < near_slots)
    near_.set(slot);
  else if (slot < beyond_slot)
    far_.set(slot - near_slots);
  return chunk * chunk_entries;
}

pending_set::part pending_set::take_step() {
  const auto slot = near_slot(now_);
  const auto taken = part_below(slots_[slot]);
  slots_[slot] = 0;
  near_.clear(slot);
  return taken;
}

bool pending_set::next_step(virtual_time end) {
  while (now_ < end) {
    // First in the present frame and the next; what is found in the slots of
    // the ring before that of `now` lies in the next.
    const auto ahead = near_.next(near_slot(now_));
    if (ahead != near_.none) {
      go_to(std::min(now_ + ahead, end));
      return now_ < end;
    }
    const auto present = frame_of(now_);
    const auto frames = far_.next((present + 2) % far_slots);
    const auto frame = std::min(
        beyond_first_, frames == far_.none ? no_frame : present + 2 + frames);
    go_to(frame == no_frame ? end : std::min(frame << frame_bits, end));
  }
  return false;
}

/// Nothing may be pending before `time`.
void pending_set::go_to(virtual_time time) {
  const auto before = frame_of(now_);
  now_ = time;
  const auto present = frame_of(time);
  if (present == before)
    return;
  near_end_ = (present + 2) << frame_bits;
  if (beyond_first_ < present + far_slots / 2)
    bring_beyond();
  bring_near(present);
  bring_near(present + 1);
}

void pending_set::bring_near(std::uint64_t frame) {
  const auto slot = slot_of_frame(frame);
  if (slots_[slot] == 0)
    return;
  far_.clear(slot - near_slots);
  move_all(slot);
}

void pending_set::bring_beyond() {
  beyond_first_ = no_frame;
  move_all(beyond_slot);
}

/// Puts the events of a slot where they belong now, which may be there again.
void pending_set::move_all(std::size_t from) {
  auto left = part_below(slots_[from]);
  slots_[from] = 0;
  while (left.count > 0) {
    const auto after = next(left);
    // The chunk is free before its events are put in again, so that there is
    // room for them.
    std::array<entry, chunk_entries> moved;
    std::copy_n(entries(left), left.count, moved.begin());
    release(left);
    for (std::uint32_t i = 0; i < left.count; ++i) {
      const auto& one = moved[i];
      const auto fits = put(time_of(one), one.destination, one.rank);
      WEFT_ASSERT(fits);
    }
    left = after;
  }
}

} // namespace weft::torus
