#include "actors/registry/kept_names.hpp"

namespace weft::actors {

name_keeper_actor kept_names::add(const registration& what) {
  const std::lock_guard guard{mutex_};
  auto& name = names_[what.name];
  name = {what, caf::actor_cast<caf::actor_addr>(what.actor)};
  name.what.actor = nullptr;
  return caf::actor_cast<name_keeper_actor>(keeper_.lock());
}

void kept_names::kept_by(const name_keeper_actor& keeper) {
  const std::lock_guard guard{mutex_};
  keeper_ = caf::actor_cast<caf::weak_actor_ptr>(keeper);
}

std::vector<registration> kept_names::living() {
  std::vector<registration> living;
  const std::lock_guard guard{mutex_};
  for (auto next = names_.begin(); next != names_.end();) {
    const auto each = next++;
    auto what = each->second.what;
    what.actor = caf::actor_cast<caf::strong_actor_ptr>(each->second.actor);
    if (what.actor)
      living.push_back(std::move(what));
    else
      names_.erase(each);
  }
  return living;
}

void kept_names::forget(const registration& what) {
  const std::lock_guard guard{mutex_};
  const auto found = names_.find(what.name);
  if (found != names_.end()
      && found->second.actor == caf::actor_cast<caf::actor_addr>(what.actor))
    names_.erase(found);
}

} // namespace weft::actors
