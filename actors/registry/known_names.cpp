#include "actors/registry/known_names.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace weft::actors {

known_names::known_names(std::size_t names_max)
    : names_max_{std::max<std::size_t>(1, names_max)} {}

std::optional<registration> known_names::find(const std::string& name) const {
  const std::shared_lock lock{mutex_};
  const auto found = names_.find(name);
  if (found == names_.end())
    return std::nullopt;
  found->second.used.store(true, std::memory_order_relaxed);
  return found->second.what;
}

std::optional<std::string> known_names::put(registration what) {
  const std::unique_lock lock{mutex_};
  if (const auto found = names_.find(what.name); found != names_.end()) {
    found->second.what = std::move(what);
    return std::nullopt;
  }
  std::optional<std::string> left;
  if (names_.size() == names_max_)
    left = make_room();
  auto& made = names_[what.name];
  made.place = clock_.insert(clock_.end(), what.name);
  made.what = std::move(what);
  return left;
}

bool known_names::erase(const std::string& name) {
  const std::unique_lock lock{mutex_};
  const auto found = names_.find(name);
  if (found == names_.end())
    return false;
  clock_.erase(found->second.place);
  names_.erase(found);
  return true;
}

void known_names::clear() {
  const std::unique_lock lock{mutex_};
  names_.clear();
  clock_.clear();
}

std::size_t known_names::size() const {
  const std::shared_lock lock{mutex_};
  return names_.size();
}

std::string known_names::make_room() {
  for (;;) {
    const auto found = names_.find(clock_.front());
    if (!found->second.used.exchange(false)) {
      auto name = std::move(clock_.front());
      clock_.pop_front();
      names_.erase(found);
      return name;
    }
    clock_.splice(clock_.end(), clock_, clock_.begin());
  }
}

} // namespace weft::actors
