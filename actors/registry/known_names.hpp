#pragma once

#include "actors/registry/registry_actor.hpp"

#include <atomic>
#include <cstddef>
#include <list>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace weft::actors {

/// What a node knows of the registry's names, for look-ups that ask no actor.
/// Bounded: beyond its limit a name that was not looked up since the hand of a
/// clock last passed it makes room, and is asked for again when it is needed.
/// Thread-safe. Cost: amortised O(1), and a shared lock for a look-up.
class known_names {
public:
  explicit known_names(std::size_t names_max = 10'000);

  std::optional<registration> find(const std::string& name) const;

  /// Adds a name, or replaces what is known of it. Answers with the name that
  /// had to make room.
  std::optional<std::string> put(registration what);

  bool erase(const std::string& name);
  void clear();
  std::size_t size() const;

private:
  struct known {
    registration what;
    /// Looked up since the hand passed.
    mutable std::atomic<bool> used{true};
    std::list<std::string>::iterator place;
  };

  std::string make_room();

  std::size_t names_max_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, known> names_;
  /// All names, in the order in which the hand passes them.
  std::list<std::string> clock_;
};

} // namespace weft::actors
