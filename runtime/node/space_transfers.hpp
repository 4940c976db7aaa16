#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace weft {

/// Work with whole spaces, which may take longer than one HTTP request: each on
/// a thread of its own, where it may wait, and to its end, whether or not
/// somebody asks for it. To be used in one actor, the gateway's.
class space_transfers : public std::enable_shared_from_this<space_transfers> {
public:
  /// Under way at a time.
  static constexpr std::size_t transfers_max = 8;
  /// An outcome that nobody asked for is forgotten then.
  static constexpr std::chrono::minutes outcome_kept{5};

  using work = std::function<result<nlohmann::json>()>;
  using answer = std::function<void(result<nlohmann::json>)>;

  /// Begins it and answers as `await` does; `exhausted` when `transfers_max`
  /// are under way.
  void begin(caf::event_based_actor* self, work what, answer to);

  /// The outcome, once; {"ok", "transfer"} with its number when there was none
  /// within `space_wait_max`. `not_found` when there is no such transfer,
  /// `already_exists` when another asks at this time.
  void await(caf::event_based_actor* self, std::uint64_t which, answer to);

private:
  struct entry {
    std::optional<result<nlohmann::json>> outcome;
    answer waiting;
    /// Counts the questions.
    std::uint64_t asked = 0;
  };

  void finish(caf::event_based_actor* self, std::uint64_t which,
              result<nlohmann::json> outcome);
  void answer_later(std::uint64_t which, std::uint64_t asked);

  std::map<std::uint64_t, entry> entries_;
  std::size_t running_ = 0;
  std::uint64_t last_ = 0;
};

} // namespace weft
