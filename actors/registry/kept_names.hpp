#pragma once

#include "actors/registry/name_keeper_actor.hpp"
#include "runtime/module/ask.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace weft::actors {

/// The names that a node has kept in the registry, and who keeps them now: it
/// outlives its keepers, so that no name is lost with one. Threads: any.
class kept_names {
public:
  /// Remembers a name until it is forgotten or another actor takes it. Answers
  /// with whom to send the `keep_name`; empty if nobody is there now, in which
  /// case the next keeper keeps the name without being told.
  name_keeper_actor add(const registration& what);

  /// `keeper` is the keeper from now on.
  void kept_by(const name_keeper_actor& keeper);

  /// What a new keeper has to keep. Names of actors that are gone are
  /// forgotten. Cost: linear.
  std::vector<registration> living();

  /// Forgets a name, unless another actor has it by now.
  void forget(const registration& what);

private:
  struct remembered {
    /// Without its actor, which this would keep alive.
    registration what;
    caf::actor_addr actor;
  };

  std::mutex mutex_;
  std::map<std::string, remembered> names_;
  caf::weak_actor_ptr keeper_;
};

/// Has a name kept for a living actor of this node for as long as it lives, and
/// calls `done(const result<bool>&)` in `self` with what the keeper answers, at
/// the latest after `timeout`. The name is kept all the same when that is
/// `unavailable` or `timed_out`, as while there is no keeper.
template <class Self, class Done>
void keep_registered(Self* self, kept_names& names,
                     std::chrono::nanoseconds timeout, registration what,
                     Done done) {
  const auto keeper = names.add(what);
  modules::ask_then<bool>(self, keeper, timeout, std::move(done),
                          keep_name{std::move(what)});
}

} // namespace weft::actors
