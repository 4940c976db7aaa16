#pragma once

#include "actors/space/space.hpp"
#include "runtime/caf/compat.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace weft {

/// The watches of those who ask by HTTP, which can vanish without a word: a
/// watch that nobody has asked for `idle_max` is ended. To be used in one
/// actor, which all of them belong to.
class space_watches : public std::enable_shared_from_this<space_watches> {
public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds idle_max{60};
  static constexpr std::size_t watches_max = 256;

  /// Begins one and answers with its number; `exhausted` when there are
  /// `watches_max`.
  void begin(caf::event_based_actor* self, const space& where,
             spaces::pattern what,
             std::function<void(result<std::uint64_t>)> done);

  /// What it has seen since; `not_found` when there is no such watch,
  /// `already_exists` when another asks at this time.
  void next(caf::event_based_actor* self, std::uint64_t which,
            spaces::duration timeout, std::size_t limit,
            std::function<void(result<watch_news>)> done);

  /// `not_found` when there is no such watch.
  void end(caf::event_based_actor* self, std::uint64_t which,
           std::function<void(result<void>)> done);

private:
  struct entry {
    space where;
    watch_key key;
    clock::time_point asked;
    bool busy = false;
  };

  void finish(std::uint64_t which, const result<watch_news>& got);
  void sweep_later(caf::event_based_actor* self);
  void sweep(caf::event_based_actor* self);

  std::map<std::uint64_t, entry> entries_;
  std::uint64_t last_ = 0;
  bool sweeping_ = false;
};

} // namespace weft
