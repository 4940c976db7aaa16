#pragma once

#include "actors/registry/registry_actor.hpp"
#include "runtime/caf/compat.hpp"

#include <functional>
#include <utility>

namespace weft::actors {

/// The registry as an actor of a node reaches it: whoever is the registry now,
/// watched until it ends. A member of the actor's state, which stays where it
/// is.
class followed_registry {
public:
  followed_registry() = default;

  /// `find` returns an empty handle while the registry cannot be reached.
  /// `lost` runs when the registry that was reached has ended, or another one
  /// has taken its place. Both are called in the actor.
  followed_registry(std::function<registry_actor()> find,
                    std::function<void()> lost)
      : find_{std::move(find)}, lost_{std::move(lost)} {}

  /// Looks for the registry, and watches it by the actor's `ends`. Whether it
  /// can be reached.
  template <class Self>
  bool reach(Self* self, monitors& ends) {
    const auto found = find_();
    if (found == here_)
      return static_cast<bool>(here_);
    if (here_) {
      ends.forget(self, here_);
      lose();
    }
    here_ = found;
    if (here_)
      ends.watch(self, here_, [this](const caf::error&) { lose(); });
    return static_cast<bool>(here_);
  }

  /// Empty while none is known.
  const registry_actor& handle() const noexcept { return here_; }

private:
  void lose() {
    here_ = nullptr;
    lost_();
  }

  std::function<registry_actor()> find_;
  std::function<void()> lost_;
  registry_actor here_;
};

} // namespace weft::actors
