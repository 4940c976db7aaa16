#pragma once

#include "spaces/ordered_index.hpp"
#include "spaces/shape.hpp"
#include "spaces/shape_table.hpp"
#include "spaces/tuple.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::spaces {

/// When shapes are built and dropped.
struct shape_policy {
  /// Shapes of one store at most, 1 to 16; when no
  /// other is cold, tuples are looked for within the smallest group.
  std::size_t shapes_max = 8;
  /// A shape that was not asked for that many operations of its store is cold.
  /// One that was not for 8 times as many, and 8 times as many as there are
  /// tuples, is dropped.
  std::uint64_t cold_after = 100'000;
  /// A group of so many tuples is looked through rather than a shape built.
  std::size_t few = 8;
};

/// What one shape of a store did; see `tuple_store`.
struct shape_statistics {
  std::uint16_t arity = 0;
  /// "string,i64"; "*" for tuples of any types.
  std::string types;
  /// Positions whose fields it looks up by.
  std::vector<std::size_t> fixed;
  /// The position that it is sorted by.
  std::optional<std::size_t> ordered;
  std::uint64_t tuples = 0;
  /// Distinct keys; of a sorted shape the tuples.
  std::uint64_t groups = 0;
  std::uint64_t lookups = 0;
};

/// The tuples of one arity and, but for mixed stores, of one sequence of
/// types, and the shapes that find them: tuple space search (Srinivasan, Suri
/// and Varghese 1999), with a hash table for each set of positions that a
/// pattern fixes. The head field's shape is there from the beginning, until
/// another is built and it was never used; others are built when they are first
/// asked for and their answer would mean looking at more than a few tuples. A
/// pattern with a range or a prefix looks into a sorted shape of its fixed
/// positions and that field.
///
/// An item is stored, or hidden (a claim holds it), or free. Not thread-safe.
///
/// Cost: a write or a removal touches each shape once, O(1), sorted ones O(log
/// tuples); a lookup is O(1) or, for a range, O(log tuples), and looks at each
/// tuple of the group until one matches. Building a shape costs O(tuples log
/// tuples).
class tuple_store {
public:
  using item = std::uint32_t;

  static constexpr item none = shape_table::none;

  /// For tuples like this one; mixed takes all of its arity.
  tuple_store(const tuple& like, bool mixed, const shape_policy& policy,
              std::uint64_t seed);

  bool mixed() const { return mixed_; }
  std::uint16_t arity() const { return arity_; }
  std::uint32_t signature() const { return signature_; }

  /// Whether such a tuple belongs here.
  bool takes(const tuple& what) const;
  /// Whether tuples that match may be here.
  bool may_match(const pattern& what) const;

  /// Stored items, and hidden ones.
  std::size_t size() const { return stored_; }
  std::size_t hidden() const { return hidden_; }

  /// Keeps a tuple; `sequence` is above all before.
  item insert(tuple what, std::uint64_t sequence);
  /// Removes a stored item and returns its tuple.
  tuple remove(item which);
  /// Keeps a stored item out of sight.
  void hide(item which);
  /// Makes a hidden item stored again, in its old place in the order.
  void show(item which);
  /// Removes a hidden item.
  void forget(item which);

  const tuple& at(item which) const { return entries_[which].what; }
  std::uint64_t sequence_of(item which) const {
    return entries_[which].sequence;
  }
  bool is_stored(item which) const { return is(which, state::stored); }
  bool is_hidden(item which) const { return is(which, state::hidden); }

  /// The caller's note on an item, 0 at first; it may be changed any time.
  std::uint32_t& note_of(item which) { return entries_[which].note; }
  std::uint32_t note_of(item which) const { return entries_[which].note; }

  /// What one lookup cost, added up.
  struct effort {
    /// Tuples that were looked at.
    std::uint64_t probes = 0;
    /// Shapes that were built.
    std::uint64_t builds = 0;
  };

  /// The stored item with the lowest sequence number that matches, below
  /// `below`; or `none`.
  item oldest(const pattern& what, std::uint64_t below, effort& spent);

  /// Appends the first `limit` stored items that match, with each fixed
  /// alternative of a one-of counted for itself, by their sequence number.
  /// The same item may come twice.
  void collect(const pattern& what, std::size_t limit, std::vector<item>& to,
               effort& spent);

  /// All stored and hidden items, in no order.
  template <class Visit>
  void each(Visit visit) const {
    for (item i = 0; i < entries_.size(); ++i)
      if (entries_[i].now != state::free)
        visit(i);
  }

  std::vector<shape_statistics> statistics() const;

  /// Begins to load where a lookup will look, and, asked again later with
  /// `item_too`, what it will find there. Does nothing else.
  void prefetch(const pattern& what, bool item_too) const;

private:
  enum class state : std::uint8_t { free, stored, hidden };

  struct entry {
    tuple what;
    std::uint64_t sequence = 0;
    std::uint32_t note = 0;
    state now = state::free;
  };

  struct hash_shape {
    positions fixed = 0;
    std::uint64_t used_at = 0;
    std::uint64_t lookups = 0;
    shape_table table;
  };

  struct sorted_shape {
    positions fixed = 0;
    std::uint8_t by = 0;
    std::uint64_t used_at = 0;
    std::uint64_t lookups = 0;
    ordered_index index;
  };

  /// What a lookup looks for: a pattern, or one alternative of it.
  struct question {
    const pattern& what;
    positions fixed;
    const cell* alternative = nullptr;
    positions alternative_at = 0;
  };

  /// Where it looks.
  struct source {
    hash_shape* hashed = nullptr;
    sorted_shape* sorted = nullptr;
    std::uint32_t hash = 0;
  };

  /// What the last lookup found, and its hash in the shape that it asked:
  /// mostly it is removed next.
  struct remembered {
    item which = none;
    std::uint32_t hash = 0;
    positions fixed = 0;
  };

  bool is(item which, state what) const {
    return which < entries_.size() && entries_[which].now == what;
  }
  void link(item which);
  void link_in_order(item which);
  void unlink(item which);
  void release(item which);

  bool same_kinds(const block& of) const;
  bool may_match_beyond(const block& wanted) const;
  item oldest_in(const hash_shape& shape, const pattern& what,
                 std::uint64_t below, effort& spent);
  item oldest_anywhere(const pattern& what, std::uint64_t below, effort& spent);
  std::uint32_t hash_of(const question& of, positions at) const;
  template <class Ask>
  void ask_each(const pattern& what, Ask ask);
  source choose(const question& of, effort& spent);
  source choose_slowly(const question& of, hash_shape* same, effort& spent);
  hash_shape* find_shape(positions fixed);
  sorted_shape* find_sorted(positions fixed, std::uint8_t by);
  hash_shape* build(positions fixed, effort& spent);
  sorted_shape* build_sorted(positions fixed, std::uint8_t by, effort& spent);
  bool make_room();
  void drop_unused();
  void drop_unasked();
  std::vector<item> in_order() const;
  void add_to(sorted_shape& to, item which);
  std::size_t capped_shapes() const;
  void count_operation();
  template <class Visit>
  void walk(const source& where, const question& of, Visit visit);

  std::uint16_t arity_;
  bool mixed_;
  std::uint32_t signature_;
  std::string kinds_;
  shape_policy policy_;
  std::uint64_t seed_;
  std::uint64_t leading_kinds_;
  std::vector<entry, large_page_allocator<entry>> entries_;
  /// The free items, each with the next as its note.
  item free_ = none;
  std::size_t stored_ = 0;
  std::size_t hidden_ = 0;
  std::uint64_t operations_ = 0;
  remembered found_;
  std::vector<std::unique_ptr<hash_shape>> shapes_;
  std::vector<std::unique_ptr<sorted_shape>> sorted_;
};

} // namespace weft::spaces
