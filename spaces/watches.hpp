#pragma once

#include "spaces/interest_index.hpp"
#include "spaces/space_types.hpp"

#include <deque>
#include <unordered_map>

namespace weft::spaces {

/// Those who want to know what becomes of tuples that match. Each has a
/// bounded buffer, so that a slow one costs memory up to its limit and never
/// holds up a writer. Not thread-safe.
///
/// Cost: an event is hashed once for each shape of patterns and buffered once
/// for each watch that matches; nothing without watches.
class watches {
public:
  explicit watches(std::uint64_t seed) : index_{seed} {}

  /// Begins a watch. The ticket must be new.
  void add(ticket by, pattern what, const watch_options& options);

  /// Ends a watch; false: there is none.
  bool remove(ticket by);

  /// Buffers an event where it matches. Appends `events_ready` for those that
  /// had none, `watch_ended` for those that end.
  void report(watch_kind kind, const tuple_id& id, const tuple& what,
              std::deque<space_effect>& effects);

  /// What a watcher fetches.
  struct fetched {
    std::vector<watch_event> events;
    /// Events that were dropped since the last time.
    std::uint64_t dropped = 0;
    /// More is there already; no `events_ready` will come for it.
    bool more = false;
    /// The watch has ended and this is the last of it.
    bool ended = false;
  };

  /// Takes the oldest `limit` events from the buffer, or fewer if they have
  /// more content than an answer; nothing if there is no such watch.
  std::optional<fetched> fetch(ticket by, std::size_t limit);

  bool empty() const { return index_.empty(); }
  std::size_t size() const { return watches_.size(); }
  std::uint64_t dropped() const { return dropped_; }
  std::uint64_t probes() const { return index_.probes(); }

private:
  struct watch {
    watch_options options;
    std::optional<interest_index::item> interest;
    std::deque<watch_event> events;
    std::uint64_t dropped = 0;
  };

  interest_index index_;
  std::unordered_map<ticket, watch> watches_;
  std::uint64_t dropped_ = 0;
};

} // namespace weft::spaces
