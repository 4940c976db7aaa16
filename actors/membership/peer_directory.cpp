#include "actors/membership/peer_directory.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace weft::actors {

void peer_directory::put(peer added) {
  std::vector<std::function<void()>> waiting;
  {
    const std::unique_lock lock{mutex_};
    if (added.registry)
      waiting.swap(waiting_);
    auto& known = peers_[added.name];
    if (!known.name.empty())
      names_.erase(known.node);
    names_[added.node] = added.name;
    known = std::move(added);
  }
  for (auto& run : waiting)
    run();
}

void peer_directory::when_registry(std::function<void()> then) {
  {
    const std::unique_lock lock{mutex_};
    const auto has_registry = [](const auto& each) {
      return static_cast<bool>(each.second.registry);
    };
    if (std::none_of(peers_.begin(), peers_.end(), has_registry)) {
      waiting_.push_back(std::move(then));
      return;
    }
  }
  then();
}

void peer_directory::remove(const std::string& name) {
  const std::unique_lock lock{mutex_};
  const auto found = peers_.find(name);
  if (found == peers_.end())
    return;
  names_.erase(found->second.node);
  peers_.erase(found);
}

std::optional<peer> peer_directory::find(const std::string& name) const {
  const std::shared_lock lock{mutex_};
  const auto found = peers_.find(name);
  if (found == peers_.end())
    return std::nullopt;
  return found->second;
}

std::string peer_directory::name_of(const caf::node_id& node) const {
  const std::shared_lock lock{mutex_};
  const auto found = names_.find(node);
  return found == names_.end() ? std::string{} : found->second;
}

registry_actor peer_directory::registry() const {
  const std::shared_lock lock{mutex_};
  for (const auto& [name, known] : peers_)
    if (known.registry)
      return known.registry;
  return {};
}

std::vector<peer> peer_directory::all() const {
  const std::shared_lock lock{mutex_};
  std::vector<peer> present;
  for (const auto& [name, known] : peers_)
    present.push_back(known);
  return present;
}

} // namespace weft::actors
