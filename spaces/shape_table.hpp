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
/// at each item again.
///
/// Cost: O(1) for everything but `insert_ordered`, and the doubling of the
/// table, which touches 16 bytes a group. 12 bytes an item (up to the highest
/// number), 16 bytes for each of 4/3 to 8/3 places a group.
class shape_table {
public:
  using item = std::uint32_t;

  static constexpr item none = 0x7FFF'FFFF;

  shape_table();

  /// Adds an item as the last of its group.
  void insert(item which, std::uint32_t hash);

  /// Adds an item where `order(item)` says, which grows along every group.
  /// Cost: the distance to the group's nearer end, or to the item that was
  /// added in this way before.
  template <class Order>
  void insert_ordered(item which, std::uint32_t hash, Order order);

  /// Removes an item that is there.
  void erase(item which);

  /// The oldest item of this hash, or `none`.
  item first(std::uint32_t hash) const {
    const auto at = find(hash);
    return at == not_found ? none : buckets_[at].head;
  }

  /// The next younger item of the group, or `none`.
  item next(item which) const {
    const auto after = links_[which].next;
    return links_[after].is_head() ? none : after;
  }

  std::size_t group_size(std::uint32_t hash) const {
    const auto at = find(hash);
    return at == not_found ? 0 : buckets_[at].count;
  }

  std::size_t size() const { return size_; }
  std::size_t groups() const { return groups_; }

  /// Begins to load what `first`, or what `erase`, will need.
  void prefetch_hash(std::uint32_t hash) const {
    __builtin_prefetch(&buckets_[home(hash)]);
  }
  void prefetch_item(item which) const { __builtin_prefetch(&links_[which]); }

private:
  struct link {
    /// The highest bit: it is the oldest of its group.
    std::uint32_t previous_and_head;
    std::uint32_t next;
    std::uint32_t hash;

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
    std::uint32_t count = 0;
    std::uint32_t unused = 0;
  };

  static constexpr std::size_t not_found = ~std::size_t{0};

  std::size_t home(std::uint32_t hash) const { return hash >> shift_; }
  std::size_t after(std::size_t at) const { return (at + 1) & mask_; }
  std::size_t find(std::uint32_t hash) const {
    for (auto at = home(hash);; at = after(at)) {
      const auto& each = buckets_[at];
      if (each.head == none)
        return not_found;
      if (each.hash == hash)
        return at;
    }
  }
  /// The bucket of this hash, a new one if need be.
  bucket& claim(std::uint32_t hash);
  void make_single(bucket& of, item which, std::uint32_t hash);
  /// Links an item in front of another; the group's count grows.
  void link_before(bucket& of, item which, item before);
  void move_head(bucket& of, item to);
  void vacate(std::size_t at);
  void grow();
  void reach(item which);

  std::vector<bucket> buckets_;
  std::vector<link> links_;
  std::size_t mask_;
  unsigned shift_;
  std::size_t size_ = 0;
  std::size_t groups_ = 0;
  /// The last item of `insert_ordered`, or `none` once it is erased.
  item finger_ = none;
};

template <class Order>
void shape_table::insert_ordered(item which, std::uint32_t hash, Order order) {
  reach(which);
  auto& of = claim(hash);
  if (of.head == none) {
    make_single(of, which, hash);
  } else if (order(which) < order(of.head)) {
    link_before(of, which, of.head);
    move_head(of, which);
  } else {
    // From three sides at once: the oldest, the youngest, and the one before.
    const auto rank = order(which);
    auto up = of.head;
    auto down = links_[of.head].previous();
    const bool near = finger_ != none && links_[finger_].hash == hash
                      && order(finger_) < rank;
    auto beside = near ? finger_ : up;
    auto before = none;
    while (before == none) {
      if (const auto upper = links_[up].next; order(upper) > rank)
        before = upper;
      else if (order(down) < rank)
        before = links_[down].next;
      else if (const auto next = links_[beside].next;
               links_[next].is_head() || order(next) > rank)
        before = next;
      up = links_[up].next;
      down = links_[down].previous();
      beside = links_[beside].next;
    }
    link_before(of, which, before);
  }
  finger_ = which;
}

} // namespace weft::spaces
