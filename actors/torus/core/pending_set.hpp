#pragma once

#include "actors/torus/core/event.hpp"
#include "actors/torus/core/occupancy.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

namespace weft::torus {

/// The events of one torus that have not run yet, as a calendar: a wheel with a
/// slot for each tick of the next 4096 at least, and an overflow tier of a
/// wheel whose slots are 4096 ticks wide, and of one list for what lies more
/// than about 4 million ticks ahead. Slots are lists of chunks of one pool, so
/// that what is put into a slot lies together, and memory does not depend on
/// how events spread over time.
///
/// Events leave in steps, all of one tick at once and in no order; who runs
/// them orders those of the same destination (`model_kernel`).
///
/// Brown 1988 (calendar queues); Tang, Goh and Thng 2005 (ladder queue): as
/// there, far events are sorted no finer than they need to be until their time
/// is near. Since ticks are integers, a slot here needs no sorting at all.
///
/// *Cost*: O(1) to put one in; a far one is moved once, a very far one is
/// looked at once in 2 million ticks. Not thread-safe.
class pending_set {
public:
  /// How far ahead of the present an event may lie: less than so many ticks.
  static constexpr virtual_time horizon = std::uint64_t{1} << 32;

  struct entry {
    /// The number of a site of this torus.
    std::uint32_t destination;
    /// The time modulo 2^32. In a step, the runner's own.
    std::uint32_t due;
    /// Of source and payload.
    std::uint64_t rank;
  };

  static constexpr std::uint32_t chunk_entries = 16;

  /// A chunk and how many entries it has.
  struct part {
    std::uint32_t chunk;
    std::uint32_t count;
  };

  /// For at most so many events, those of the step that runs included.
  pending_set(std::size_t events_max, std::pmr::memory_resource* memory);

  /// How often `put` may be called, less the entries of released parts.
  std::size_t events_max() const { return events_max_; }

  /// Nothing that is pending lies before this time.
  virtual_time now() const { return now_; }

  /// Puts an event in whose time is not before `now` and below the horizon.
  /// False if the pool is used up, which is not before there are `events_max`.
  bool put(virtual_time time, std::uint32_t destination, std::uint64_t rank) {
    const auto slot = time < near_end_ ? near_slot(time) : far_slot(time);
    auto position = slots_[slot];
    if (position % chunk_entries == 0) [[unlikely]] {
      position = begin_chunk(slot);
      if (position == no_position)
        return false;
    }
    entries_[position] = {destination, static_cast<std::uint32_t>(time), rank};
    slots_[slot] = position + 1;
    return true;
  }

  /// Goes on to the next time below `end` at which there are events. False if
  /// there is none, and then goes to `end`.
  bool next_step(virtual_time end);

  /// Takes all events of the present tick out of the calendar. Their memory is
  /// theirs until each of its parts is released.
  ///
  ///     for (auto part = set.take_step(); part.count > 0; part =
  ///     set.next(part))
  part take_step();
  part next(part after) const {
    const auto chunk = previous_[after.chunk];
    return {chunk, chunk == no_chunk ? 0 : chunk_entries};
  }
  /// Asks for the memory of a part that is about to be read.
  void prefetch(part which) const {
    constexpr std::uint32_t entries_a_line = 64 / sizeof(entry);
    if (which.count > 0)
      for (std::uint32_t i = 0; i < chunk_entries; i += entries_a_line)
        __builtin_prefetch(&entries_[first_position(which) + i]);
  }

  void release(part which) {
    previous_[which.chunk] = free_;
    free_ = which.chunk;
  }

  entry* entries(part which) { return &entries_[first_position(which)]; }
  entry& at(std::uint32_t position) { return entries_[position]; }
  static std::uint32_t first_position(part which) {
    return which.chunk * chunk_entries;
  }

  /// Calls `visit(time, entry)` for all events, in no order; none may be in a
  /// step.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto position : slots_)
      for (auto part = part_below(position); part.count > 0; part = next(part))
        for (std::uint32_t i = 0; i < part.count; ++i) {
          const auto& one = entries_[first_position(part) + i];
          visit(time_of(one), one);
        }
  }

  /// Drops all events, and goes to any time.
  void reset(virtual_time now);

  /// What this set has allocated.
  std::size_t memory_bytes() const;

private:
  static constexpr unsigned frame_bits = 12;
  /// Of the near wheel: two frames, the present one and the next.
  static constexpr std::size_t near_slots = std::size_t{2} << frame_bits;
  static constexpr std::size_t far_slots = 1024;
  static constexpr std::size_t beyond_slot = near_slots + far_slots;
  static constexpr std::uint32_t no_chunk = 0xFFFF'FFFF;
  static constexpr std::uint32_t no_position = 0xFFFF'FFFF;
  static constexpr std::uint64_t no_frame = ~std::uint64_t{0};

  static std::uint64_t frame_of(virtual_time time) {
    return time >> frame_bits;
  }
  static std::size_t near_slot(virtual_time time) { return time % near_slots; }
  static std::size_t slot_of_frame(std::uint64_t frame) {
    return near_slots + frame % far_slots;
  }

  virtual_time time_of(const entry& one) const {
    return now_ + (one.due - static_cast<std::uint32_t>(now_));
  }

  /// A slot holds the position behind its last entry; 0 is an empty one.
  static part part_below(std::uint32_t position) {
    if (position == 0)
      return {no_chunk, 0};
    return {(position - 1) / chunk_entries, (position - 1) % chunk_entries + 1};
  }

  std::size_t far_slot(virtual_time time);
  std::uint32_t begin_chunk(std::size_t slot);
  void go_to(virtual_time time);
  void bring_near(std::uint64_t frame);
  void bring_beyond();
  void move_all(std::size_t from);

  std::size_t events_max_;
  std::pmr::vector<entry> entries_;
  /// Of each chunk, the one that was filled before it in its slot; of a free
  /// one, the next free one.
  std::pmr::vector<std::uint32_t> previous_;
  std::pmr::vector<std::uint32_t> slots_;
  std::uint32_t free_ = 0;
  virtual_time now_ = 0;
  /// The end of the frame after the present one.
  virtual_time near_end_ = near_slots;
  occupancy<near_slots> near_;
  occupancy<far_slots> far_;
  /// The first frame that has an event beyond the far wheel.
  std::uint64_t beyond_first_ = no_frame;
};

} // namespace weft::torus
