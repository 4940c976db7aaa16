#pragma once

#include "runtime/base/large_pages.hpp"
#include "spaces/table_line.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::spaces {

/// Items that the caller numbers from 0, in groups of equal hash, each group
/// in the order of insertion.
///
/// An open-addressing table leads from a hash to the oldest item. Four places
/// share a cache line; a hash is in the first line from its own on that had
/// room, and a place that gets free in a full line is filled again from the
/// lines behind. Only the items of groups of two or more are linked, in a
/// list.
///
/// Items of different keys may have the same hash (0 and 1 are one): whoever
/// reads a group looks at each item again. The table keeps the address of what
/// is looked at for the oldest item of each group, so that it can be loaded
/// together with what the caller keeps of the item: with many items the time
/// goes into waiting for memory.
///
/// Cost: O(1) for everything but `insert_ordered`, and the doubling of the
/// table, which touches 16 bytes a group. 16 bytes for each of 4/3 to 8/3
/// places a group; 12 bytes an item, up to the highest number that shared a
/// group.
class shape_table {
public:
  using item = std::uint32_t;

  static constexpr item none = 0x7FFF'FFFF;

  shape_table();

  /// Adds an item as the last of its group; `memory` is what is looked at.
  void insert(item which, std::uint32_t hash, const void* memory);

  /// Adds an item where `order(item)` says, which grows along every group.
  /// Cost: the distance to the group's nearer end, or to the item that was
  /// added in this way before.
  template <class Order>
  void insert_ordered(item which, std::uint32_t hash, const void* memory,
                      Order order);

  /// Removes an item that was added with this hash; `memory_of(item)` is asked
  /// when another becomes the oldest.
  template <class MemoryOf>
  void erase(item which, std::uint32_t hash, MemoryOf memory_of);

  /// Visits the items of this hash, the oldest first, until one returns false.
  /// The table must not change meanwhile.
  template <class Visit>
  void walk(std::uint32_t hash, Visit visit) const;

  std::size_t group_size(std::uint32_t hash) const;

  std::size_t size() const { return size_; }
  std::size_t groups() const { return groups_; }

  /// Begins to load where a hash is looked for.
  void prefetch(std::uint32_t hash) const {
    __builtin_prefetch(&lines_[home(key_of(hash))]);
  }
  /// Begins to load what is looked at for the oldest item of this hash, and
  /// returns the item, or `none`.
  item prefetch_first(std::uint32_t hash) const;

private:
  using line = table_line;

  /// A place of a line; `at` is null where there is none.
  struct spot {
    line* at = nullptr;
    unsigned index = 0;

    std::uint32_t& head() const { return at->heads[index]; }
    item oldest() const { return head() & ~line::many_bit; }
    bool many() const { return (head() & line::many_bit) != 0; }
    void prefetch_memory() const {
      const auto* memory = static_cast<const char*>(at->memories[index]);
      __builtin_prefetch(memory);
      __builtin_prefetch(memory + 64);
    }
    void lead_to(item oldest, bool many, const void* memory) const {
      head() = oldest | (many ? line::many_bit : 0);
      at->memories[index] = memory;
    }
  };

  /// Of an item that shares its group.
  struct link {
    /// Of the oldest: the youngest.
    item previous;
    item next;
    /// Of the oldest: how many items the group has.
    std::uint32_t count;
  };

  static std::uint32_t key_of(std::uint32_t hash) {
    return hash + static_cast<std::uint32_t>(hash == 0);
  }
  std::size_t home(std::uint32_t key) const { return key >> shift_; }
  std::size_t after(std::size_t at) const { return (at + 1) & mask_; }
  spot find(std::uint32_t key) const;
  /// The place of this key; a new one leads to no item yet.
  spot claim(std::uint32_t key, bool& made);
  void vacate(spot gone);
  void close_gap(std::size_t at, unsigned index);
  void grow();
  void link_front(spot in, item which, const void* memory);
  void link_after(spot in, item which, item older);
  void begin_list(spot in, item which);
  template <class Order>
  item place_after(item head, item which, std::uint32_t key, Order order) const;

  std::vector<line, large_page_allocator<line>> lines_;
  std::vector<link, large_page_allocator<link>> links_;
  std::size_t mask_;
  unsigned shift_;
  std::size_t size_ = 0;
  std::size_t groups_ = 0;
  /// The last item of `insert_ordered`, or `none` once it is erased, and its
  /// hash.
  item finger_ = none;
  std::uint32_t finger_key_ = 0;
};

inline shape_table::spot shape_table::find(std::uint32_t key) const {
  for (auto at = home(key);; at = after(at)) {
    const auto& in = lines_[at];
    if (const auto found = in.with(key)) [[likely]]
      return {const_cast<line*>(&in),
              static_cast<unsigned>(std::countr_zero(found))};
    if (!in.full())
      return {};
  }
}

inline shape_table::spot shape_table::claim(std::uint32_t key, bool& made) {
  for (auto at = home(key);; at = after(at)) {
    auto& in = lines_[at];
    if (const auto found = in.with(key))
      return {&in, static_cast<unsigned>(std::countr_zero(found))};
    const auto room = in.with(0);
    if (room == 0)
      continue;
    if ((groups_ + 1) * 4 > lines_.size() * line::places * 3) [[unlikely]] {
      grow();
      return claim(key, made);
    }
    const spot free{&in, static_cast<unsigned>(std::countr_zero(room))};
    in.hashes[free.index] = key;
    ++groups_;
    made = true;
    return free;
  }
}

inline void shape_table::insert(item which, std::uint32_t hash,
                                const void* memory) {
  bool made = false;
  const auto in = claim(key_of(hash), made);
  ++size_;
  if (made) {
    in.lead_to(which, false, memory);
    return;
  }
  begin_list(in, which);
  link_after(in, which, links_[in.oldest()].previous);
}

inline void shape_table::vacate(spot gone) {
  --groups_;
  const bool was_full = gone.at->full();
  gone.at->hashes[gone.index] = 0;
  if (was_full)
    close_gap(static_cast<std::size_t>(gone.at - lines_.data()), gone.index);
}

template <class MemoryOf>
void shape_table::erase(item which, std::uint32_t hash, MemoryOf memory_of) {
  const auto in = find(key_of(hash));
  --size_;
  if (finger_ == which)
    finger_ = none;
  if (!in.many())
    return vacate(in);
  const auto head = in.oldest();
  const auto gone = links_[which];
  const auto left = --links_[head].count;
  if (which == head) {
    links_[gone.next].previous = gone.previous;
    links_[gone.next].count = left;
    in.lead_to(gone.next, left > 1, memory_of(gone.next));
    return;
  }
  links_[gone.previous].next = gone.next;
  links_[gone.next == none ? head : gone.next].previous = gone.previous;
  if (left == 1)
    in.head() = head;
}

template <class Visit>
void shape_table::walk(std::uint32_t hash, Visit visit) const {
  const auto in = find(key_of(hash));
  if (!in.at)
    return;
  in.prefetch_memory();
  if (!visit(in.oldest()) || !in.many())
    return;
  auto next = links_[in.oldest()].next;
  while (next != none && visit(next))
    next = links_[next].next;
}

inline std::size_t shape_table::group_size(std::uint32_t hash) const {
  const auto in = find(key_of(hash));
  return !in.at ? 0 : !in.many() ? 1 : links_[in.oldest()].count;
}

inline shape_table::item shape_table::prefetch_first(std::uint32_t hash) const {
  const auto in = find(key_of(hash));
  if (!in.at)
    return none;
  in.prefetch_memory();
  return in.oldest();
}

/// The item that comes right before one that comes behind the oldest: looked
/// for from three sides at once, the oldest, the youngest, and the one before.
template <class Order>
shape_table::item shape_table::place_after(item head, item which,
                                           std::uint32_t key,
                                           Order order) const {
  const auto rank = order(which);
  auto up = head;
  auto down = links_[head].previous;
  const bool near =
      finger_ != none && finger_key_ == key && order(finger_) < rank;
  auto beside = near ? finger_ : up;
  while (order(down) > rank) {
    const auto upper = links_[up].next;
    if (order(upper) > rank)
      return up;
    const auto next = links_[beside].next;
    if (order(next) > rank)
      return beside;
    up = upper;
    beside = next;
    down = links_[down].previous;
  }
  return down;
}

template <class Order>
void shape_table::insert_ordered(item which, std::uint32_t hash,
                                 const void* memory, Order order) {
  const auto key = key_of(hash);
  bool made = false;
  const auto in = claim(key, made);
  ++size_;
  if (made) {
    in.lead_to(which, false, memory);
  } else {
    begin_list(in, which);
    if (order(which) < order(in.oldest()))
      link_front(in, which, memory);
    else
      link_after(in, which, place_after(in.oldest(), which, key, order));
  }
  finger_ = which;
  finger_key_ = key;
}

} // namespace weft::spaces
