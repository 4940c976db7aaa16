#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <mutex>
#include <set>
#include <string>

namespace weft {

/// The actors that are being started, by their paths: for whoever asks while
/// their starts hold every thread, so that no supervisor can answer. Threads:
/// any.
class start_list {
public:
  void add(const std::string& path) {
    const std::lock_guard guard{mutex_};
    paths_.insert(path);
  }

  void remove(const std::string& path) {
    const std::lock_guard guard{mutex_};
    paths_.erase(path);
  }

  /// "n1/hello/a, n1/hello/b"; empty for none.
  std::string text() const {
    const std::lock_guard guard{mutex_};
    return fmt::format("{}", fmt::join(paths_, ", "));
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> paths_;
};

} // namespace weft
