#pragma once

#include "apps/weft/running_cluster.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

/// The conversations of `weft space` with a node. A node waits only so long
/// for each request, so what waits longer asks again.
namespace weft::apps {

/// A space of a running cluster, by the node that is asked.
struct space_target {
  launcher::run_info run;
  /// Empty: the first.
  std::string node;
  std::string tenant;
  /// Empty: the tenant's only one.
  std::string space;
};

/// One request; `wait` is how long the node may take beyond the usual.
result<nlohmann::json> ask_space(const space_target& whom,
                                 const std::string& operation,
                                 nlohmann::json body,
                                 std::chrono::milliseconds wait = {});

/// Writes all, in as many requests as it takes; {"ok", "written"}.
result<nlohmann::json> write_tuples(const space_target& whom,
                                    const std::vector<std::string>& tuples,
                                    std::chrono::milliseconds lease);

/// The oldest tuple that matches, as soon as there is one; an answer without
/// tuples when there was none in time.
result<nlohmann::json> read_tuple(const space_target& whom,
                                  const std::string& pattern,
                                  std::chrono::milliseconds timeout);

/// The same, and removes it. The node claims it, and it is gone only when this
/// side has it and confirms that: whoever is interrupted while it waits loses
/// no tuple.
result<nlohmann::json> take_tuple(const space_target& whom,
                                  const std::string& pattern,
                                  std::chrono::milliseconds timeout);

/// Asks for a transfer, and for its end as often as it takes.
result<nlohmann::json> transfer_tuples(const space_target& whom,
                                       const std::string& operation,
                                       nlohmann::json body);

/// Reports what becomes of tuples until `show` returns false; `end` may be
/// called meanwhile, from any thread.
class space_watch {
public:
  explicit space_watch(space_target whom) : whom_{std::move(whom)} {}

  using shown = std::function<bool(const nlohmann::json& news)>;

  /// Fails when the watch ends otherwise than by `show` and `end`.
  result<void> run(const std::string& pattern, const shown& show);

  void end();

private:
  space_target whom_;
  std::atomic<std::uint64_t> number_{0};
  std::atomic<bool> ended_{false};
};

} // namespace weft::apps
