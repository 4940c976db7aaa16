#pragma once

#include "actors/space/answer_port.hpp"
#include "runtime/caf/compat.hpp"

#include <set>
#include <utility>

namespace weft::actors {

/// The users of a node whose end an actor watches. A member of the actor's
/// state.
class watched_users {
public:
  /// Calls `gone` in the actor when the user's actor ends; once for each user,
  /// and never for one that says itself when it leaves.
  template <class Self, class Gone>
  void watch(Self* self, monitors& ends, const local_calls& by, Gone gone) {
    if (by.holder && watched_.insert(by.user).second)
      ends.watch(self, by.holder,
                 [gone = std::move(gone)](const caf::error&) { gone(); });
  }

  void forget(std::uint64_t user) { watched_.erase(user); }

private:
  std::set<std::uint64_t> watched_;
};

} // namespace weft::actors
