#pragma once

#include "spaces/shape.hpp"
#include "spaces/shape_table.hpp"
#include "spaces/tuple.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace weft::spaces {

/// The patterns of those who wait for tuples, found by a tuple: the mirror
/// image of `tuple_store`. Patterns that fix the same positions, and give the
/// types of the same others, share a shape, in which a tuple finds them by one
/// hash.
///
/// Everyone has a rank; the lowest comes first. Not thread-safe.
///
/// Cost: a tuple is hashed once for each shape of its arity and each shape of
/// open patterns, `shapes_max` of both at most, and is compared with the
/// patterns of its groups until one matches (`oldest`) or with all of them
/// (`all`). Ranges, prefixes and alternatives are not hashed, only compared:
/// a group of many that differ in nothing else is walked through.
class interest_index {
public:
  using item = std::uint32_t;

  static constexpr item none = shape_table::none;

  /// Shapes of one arity, or of all open patterns. When there are so many,
  /// patterns go to one with fewer positions.
  static constexpr std::size_t shapes_max = 8;

  explicit interest_index(std::uint64_t seed) : seed_{seed} {}

  /// Adds a pattern; `owner` is the caller's name for who waits. Ranks mostly
  /// grow.
  item add(pattern what, std::uint64_t rank, std::uint64_t owner);
  void remove(item which);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  std::uint64_t owner_of(item which) const { return entries_[which].owner; }

  /// The owner of the lowest rank whose pattern matches.
  std::optional<std::uint64_t> oldest(const tuple& what) {
    return size_ == 0 ? std::nullopt : oldest_of_some(what);
  }

  /// The owners whose pattern matches, by rank; an owner comes once for each
  /// of its patterns.
  std::vector<std::uint64_t> all(const tuple& what);

  /// Patterns that a tuple was compared with.
  std::uint64_t probes() const { return probes_; }

private:
  struct shape {
    positions exact = 0;
    positions typed = 0;
    shape_table table;
  };

  using shapes = std::vector<std::unique_ptr<shape>>;

  struct entry {
    pattern what;
    std::uint64_t rank = 0;
    std::uint64_t owner = 0;
    shape* in = nullptr;
  };

  shape& shape_for(const pattern& what);
  std::uint32_t hash_of(const pattern& what, const shape& in) const;
  std::uint32_t hash_of(const tuple& what, const shape& in) const;
  std::optional<std::uint64_t> oldest_of_some(const tuple& what);
  template <class Visit>
  void each_group(const tuple& what, Visit visit);

  std::uint64_t seed_;
  std::vector<entry, large_page_allocator<entry>> entries_;
  std::vector<item> free_;
  std::map<std::uint16_t, shapes> by_arity_;
  shapes open_;
  std::size_t size_ = 0;
  std::uint64_t probes_ = 0;
};

} // namespace weft::spaces
