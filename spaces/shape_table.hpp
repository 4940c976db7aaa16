#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::spaces {

/// Items that the caller numbers from 0, in groups of equal hash, each group
/// in the order of insertion. An open-addressing table (linear probing,
/// deletion by shifting back) leads from a hash to the oldest item; the items
/// of a group are linked in a ring.
///
/// Items of different keys may have the same hash: whoever reads a group looks
/// at each item again. The table keeps the address of what is looked at for
/// the oldest item of each group, so that it can be loaded together with the
/// item's links: with many items the time goes into waiting for memory.
///
/// Cost: O(1) for everything but `insert_ordered`, and the doubling of the
/// table, which touches 16 bytes a group. 16 bytes an item (up to the highest
/// number), 16 bytes for each of 4/3 to 8/3 places a group.
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

  /// Removes an item that is there; `memory_of(item)` is asked when another
  /// becomes the oldest.
  template <class MemoryOf>
  void erase(item which, MemoryOf memory_of);

  /// The oldest item of this hash, or `none`.
  item first(std::uint32_t hash) const { return buckets_[find(hash)].head; }

  /// The next younger item of the group, or `none`.
  item next(item which) const {
    const auto after = links_[which].next;
    return links_[after].is_head() ? none : after;
  }

  std::size_t group_size(std::uint32_t hash) const {
    const auto head = first(hash);
    return head == none ? 0 : links_[head].count;
  }

  std::size_t size() const { return size_; }
  std::size_t groups() const { return groups_; }

  /// Begins to load what `first` will need.
  void prefetch(std::uint32_t hash) const {
    __builtin_prefetch(&buckets_[home(hash)]);
  }
  /// Begins to load what is looked at for the oldest item of this hash, and
  /// returns the item.
  item prefetch_first(std::uint32_t hash) const {
    const auto& of = buckets_[find(hash)];
    __builtin_prefetch(of.memory);
    __builtin_prefetch(static_cast<const char*>(of.memory) + 64);
    return of.head;
  }
  /// Begins to load what `erase` will need.
  void prefetch_item(item which) const { __builtin_prefetch(&links_[which]); }

private:
  struct link {
    /// The highest bit: it is the oldest of its group.
    std::uint32_t previous_and_head;
    std::uint32_t next;
    std::uint32_t hash;
    /// Of the oldest: how many items the group has.
    std::uint32_t count;

    static constexpr std::uint32_t head_bit = 0x8000'0000;

    bool is_head() const { return (previous_and_head & head_bit) != 0; }
    item previous() const { return previous_and_head & ~head_bit; }
    void set_previous(item to) {
      previous_and_head = (previous_and_head & head_bit) | to;
    }
  };

  struct bucket {
    std::uint32_t hash = 0;
    item head = none;
    const void* memory = nullptr;
  };

  std::size_t home(std::uint32_t hash) const { return hash >> shift_; }
  std::size_t after(std::size_t at) const { return (at + 1) & mask_; }
  /// The hash's bucket, or the empty one where it would be.
  std::size_t find(std::uint32_t hash) const {
    auto at = home(hash);
    while (buckets_[at].head != none && buckets_[at].hash != hash)
      at = after(at);
    return at;
  }
  /// The bucket of this hash, an empty one if need be.
  bucket& claim(std::uint32_t hash);
  void reach(item which);
  void make_single(bucket& of, item which, std::uint32_t hash,
                   const void* memory);
  /// Links an item in front of another.
  void link_before(const bucket& of, item which, item before);
  void move_head(bucket& of, item to, const void* memory);
  template <class Order>
  item place_after_head(item head, item which, Order order) const;
  void vacate(std::size_t at);
  void grow();

  std::vector<bucket> buckets_;
  std::vector<link> links_;
  std::size_t mask_;
  unsigned shift_;
  std::size_t size_ = 0;
  std::size_t groups_ = 0;
  /// The last item of `insert_ordered`, or `none` once it is erased.
  item finger_ = none;
};

inline void shape_table::reach(item which) {
  if (which >= links_.size()) [[unlikely]]
    links_.resize(std::size_t{which} + 1);
}

inline shape_table::bucket& shape_table::claim(std::uint32_t hash) {
  auto at = find(hash);
  if (buckets_[at].head == none && (groups_ + 1) * 4 > buckets_.size() * 3)
      [[unlikely]] {
    grow();
    at = find(hash);
  }
  return buckets_[at];
}

inline void shape_table::make_single(bucket& of, item which, std::uint32_t hash,
                                     const void* memory) {
  of = {hash, which, memory};
  links_[which] = {which | link::head_bit, which, hash, 1};
  ++groups_;
  ++size_;
}

inline void shape_table::link_before(const bucket& of, item which,
                                     item before) {
  auto& younger = links_[before];
  const auto older = younger.previous();
  links_[which] = {older, before, of.hash, 0};
  links_[older].next = which;
  younger.set_previous(which);
  ++links_[of.head].count;
  ++size_;
}

inline void shape_table::move_head(bucket& of, item to, const void* memory) {
  auto& old = links_[of.head];
  auto& fresh = links_[to];
  old.previous_and_head &= ~link::head_bit;
  fresh.previous_and_head |= link::head_bit;
  fresh.count = old.count;
  of.head = to;
  of.memory = memory;
}

inline void shape_table::insert(item which, std::uint32_t hash,
                                const void* memory) {
  reach(which);
  auto& of = claim(hash);
  if (of.head == none)
    make_single(of, which, hash, memory);
  else
    link_before(of, which, of.head);
}

template <class MemoryOf>
void shape_table::erase(item which, MemoryOf memory_of) {
  const auto gone = links_[which];
  const auto at = find(gone.hash);
  --size_;
  if (finger_ == which)
    finger_ = none;
  if (gone.next == which)
    return vacate(at);
  auto& of = buckets_[at];
  if (gone.is_head())
    move_head(of, gone.next, memory_of(gone.next));
  --links_[of.head].count;
  links_[gone.previous()].next = gone.next;
  links_[gone.next].set_previous(gone.previous());
}

/// Knuth, The Art of Computer Programming 3, 6.4, algorithm R.
inline void shape_table::vacate(std::size_t at) {
  --groups_;
  for (auto from = after(at); buckets_[from].head != none; from = after(from)) {
    const auto wanted = home(buckets_[from].hash);
    // It may move back unless its home lies behind the gap.
    if (((from - wanted) & mask_) >= ((from - at) & mask_)) {
      buckets_[at] = buckets_[from];
      at = from;
    }
  }
  buckets_[at] = bucket{};
}

/// The item that comes behind one that comes behind the oldest: looked for
/// from three sides at once, the oldest, the youngest, and the one before.
template <class Order>
shape_table::item shape_table::place_after_head(item head, item which,
                                                Order order) const {
  const auto rank = order(which);
  auto up = head;
  auto down = links_[head].previous();
  const bool near = finger_ != none && links_[finger_].hash == links_[head].hash
                    && order(finger_) < rank;
  auto beside = near ? finger_ : up;
  for (;;) {
    if (const auto upper = links_[up].next; order(upper) > rank)
      return upper;
    if (order(down) < rank)
      return links_[down].next;
    const auto next = links_[beside].next;
    if (links_[next].is_head() || order(next) > rank)
      return next;
    up = links_[up].next;
    down = links_[down].previous();
    beside = next;
  }
}

template <class Order>
void shape_table::insert_ordered(item which, std::uint32_t hash,
                                 const void* memory, Order order) {
  reach(which);
  auto& of = claim(hash);
  if (of.head == none) {
    make_single(of, which, hash, memory);
  } else if (order(which) < order(of.head)) {
    link_before(of, which, of.head);
    move_head(of, which, memory);
  } else {
    link_before(of, which, place_after_head(of.head, which, order));
  }
  finger_ = which;
}

} // namespace weft::spaces
