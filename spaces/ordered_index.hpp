#pragma once

#include "runtime/base/large_pages.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::spaces {

/// Items that the caller numbers from 0, sorted by (hash, key), for ranges:
/// finds the items of a hash whose key lies in a range, oldest first, without
/// touching the others. A treap (Seidel and Aragon 1996) whose nodes know the
/// lowest sequence number below them.
///
/// Cost: O(log items) expected for insertion, removal and each item found.
/// 48 bytes an item, up to the highest number.
class ordered_index {
public:
  using item = std::uint32_t;

  static constexpr item none = 0xFFFF'FFFF;

  explicit ordered_index(std::uint64_t seed) : state_{seed | 1} {}

  void insert(item which, std::uint32_t hash, std::uint64_t key,
              std::uint64_t sequence);

  /// Removes an item that is there.
  void erase(item which);

  std::size_t size() const { return size_; }

  /// The keys of one hash, both ends included.
  struct interval {
    std::uint32_t hash = 0;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
  };

  /// Walks the items of an interval by their sequence numbers. Becomes invalid
  /// when the index changes.
  class cursor {
  public:
    cursor(const ordered_index& of, interval within);

    /// The next one, or `none`.
    item next();

  private:
    struct candidate {
      std::uint64_t sequence;
      item root;
      /// The item alone, or all below it.
      bool alone;
    };

    void add(item root, bool alone);
    void split(item root);
    void add_from(item root);
    void add_up_to(item root);

    const ordered_index* index_;
    interval within_;
    /// A heap by sequence number.
    std::vector<candidate> candidates_;
  };

private:
  struct node {
    std::uint64_t key = 0;
    std::uint64_t sequence = 0;
    std::uint64_t lowest_sequence = 0;
    std::uint32_t hash = 0;
    std::uint32_t priority = 0;
    item left = none;
    item right = none;
  };

  bool before(const node& a, const node& b) const;
  void refresh(item root);
  item merge(item low, item high);
  void split(item root, const node& at, item& low, item& high);
  item insert_below(item root, item which);
  item erase_below(item root, item which);
  std::uint32_t next_priority();

  std::vector<node, large_page_allocator<node>> nodes_;
  item root_ = none;
  std::size_t size_ = 0;
  std::uint64_t state_;
};

} // namespace weft::spaces
