#pragma once

#include "spaces/tuple_id.hpp"
#include "spaces/tuple_store.hpp"

#include <memory>
#include <span>
#include <vector>

namespace weft::spaces {

/// A tuple that was found, with its id.
struct found_tuple {
  tuple_id id;
  tuple what;

  friend bool operator==(const found_tuple&, const found_tuple&) = default;
};

/// What lookups have cost and how the index has grown.
struct index_statistics {
  std::uint64_t tuples = 0;
  std::uint64_t hidden = 0;
  std::uint64_t content_bytes = 0;
  /// Tuples that lookups looked at.
  std::uint64_t probes = 0;
  /// Lookups, each in one store.
  std::uint64_t lookups = 0;
  std::uint64_t shapes_built = 0;
  std::vector<shape_statistics> shapes;
};

/// All tuples of a space, in one store for each arity and sequence of types.
/// When there are `typed_stores_max` such stores, further types share one
/// store for each arity, in which lookups skip what is of other types; an
/// empty store is used again first.
///
/// Items are given out as places; a place that is held must be of a tuple that
/// is there. Not thread-safe. Cost: that of the stores that may match; one if
/// the pattern gives all types, else those of its arity, else (`...`) all.
class tuple_index {
public:
  static constexpr std::size_t typed_stores_max = 64;

  /// `seed` keeps the hashes from being guessed.
  tuple_index(const shape_policy& policy, std::uint64_t seed)
      : policy_{policy}, seed_{seed} {}

  /// Keeps a tuple under the next sequence number.
  tuple_id insert(tuple what) {
    return insert_as(std::move(what), next_sequence_++);
  }
  /// Keeps it under a number of the caller's that `next_sequence` gave, or
  /// that is above all that it gave.
  tuple_id insert_as(tuple what, std::uint64_t sequence);
  /// A number for a tuple that may never be stored.
  std::uint64_t next_sequence() { return next_sequence_++; }
  std::uint64_t last_sequence() const { return next_sequence_ - 1; }

  /// The place of a stored tuple; nothing once it is gone or hidden.
  std::optional<place> find(const tuple_id& id) const;
  /// The same of a stored or hidden tuple.
  std::optional<place> find_any(const tuple_id& id) const;

  /// The place of the stored tuple with the lowest sequence number that
  /// matches.
  std::optional<place> oldest(const pattern& what) {
    const auto at = find_oldest(what);
    return at == nowhere ? std::nullopt : std::optional{at};
  }
  /// The first `limit`, the oldest first.
  std::vector<place> oldest(const pattern& what, std::size_t limit);
  /// Cost: that of finding them all.
  std::uint64_t count(const pattern& what);

  const tuple& at(place which) const { return of(which).at(which.item); }
  tuple_id id_of(place which) const {
    return {of(which).sequence_of(which.item), which};
  }
  found_tuple found(place which) const { return {id_of(which), at(which)}; }
  /// Content of all of them.
  std::size_t content_bytes(std::span<const place> of) const;
  /// The caller's note on a tuple, 0 at first.
  std::uint32_t& note_of(place which) { return of(which).note_of(which.item); }
  std::uint32_t note_of(place which) const {
    return of(which).note_of(which.item);
  }

  /// Removes a stored tuple and returns it.
  tuple remove(place which);
  void hide(place which);
  void show(place which);
  /// Removes a hidden tuple.
  void forget(place which);

  /// Stored tuples.
  std::size_t size() const { return stored_; }
  std::uint64_t content_bytes() const { return content_bytes_; }

  /// The lowest sequence number of a stored tuple; 0 when there is none. Cost:
  /// linear.
  std::uint64_t oldest_sequence() const;

  /// Begins to load what lookups by these patterns, of types that are known,
  /// will need, all at once: then one lookup after the other does not wait for
  /// memory each time. Worth it from a handful of patterns on.
  void prefetch(std::span<const pattern* const> patterns) const;

  /// All stored and hidden tuples, by sequence number. Cost: O(n log n).
  std::vector<place> all() const;

  /// Forgets everything but the next sequence number.
  void clear();

  index_statistics statistics() const;

  /// For a snapshot: tuples keep their numbers, and ids find them though they
  /// lie elsewhere now. Into an empty index, numbers growing, then
  /// `restored` with the last number that was given.
  void restored(std::uint64_t last_sequence);

private:
  /// The same, or `nowhere`: small enough for a register.
  place find_oldest(const pattern& what);
  tuple_store& of(place which) { return *stores_[which.store]; }
  const tuple_store& of(place which) const { return *stores_[which.store]; }
  std::uint32_t store_for(const tuple& what);
  std::uint32_t new_store_for(const tuple& what);
  std::uint32_t add_store(const tuple& like, bool mixed);
  std::optional<std::uint32_t> empty_store() const;
  place resolve(const tuple_id& id) const;
  template <class Visit>
  void each_store(const pattern& what, Visit visit);

  shape_policy policy_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<tuple_store>> stores_;
  /// By arity, up to the highest in use.
  std::vector<std::vector<std::uint32_t>> by_arity_;
  std::size_t typed_stores_ = 0;
  std::uint64_t next_sequence_ = 1;
  std::size_t stored_ = 0;
  std::uint64_t content_bytes_ = 0;
  tuple_store::effort spent_;
  std::uint64_t lookups_ = 0;
  /// Ids from before the restoration, by number.
  std::vector<tuple_id> restored_;
};

} // namespace weft::spaces
