#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/system_config.hpp"
#include "runtime/caf/type_ids.hpp"
#include "runtime/node/message_types.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <string_view>
#include <utility>

namespace weft::bench {

/// The cluster of the two nodes that `node_pair.hpp` joins.
inline constexpr const char* cluster_name = "bench";
inline constexpr const char* asking_node = "ping";
inline constexpr const char* answering_node = "pong";

/// The settings of a node's actor system, its network layer included: of one of
/// the two, or of one that nobody else meets.
class bench_config : public system_config {
public:
  explicit bench_config(const char* node = "")
      : system_config{
          {.network = true, .cluster = cluster_name, .node = node}} {
    add_all_message_types(*this);
  }
};

/// How long one run may take; a hundred times what it does on a quiet machine.
inline constexpr std::chrono::seconds run_time_max{60};

/// Waits for the outcome of a run, at most `run_time_max`; blocks, so not for
/// actors. Fails with `timed_out`.
template <class T>
result<T> await(std::future<T> outcome, std::string_view what) {
  if (outcome.wait_for(run_time_max) != std::future_status::ready)
    return fail(errc::timed_out, fmt::format("{} was not done within {} s",
                                             what, run_time_max.count()));
  return outcome.get();
}

/// Microseconds of a span of time.
template <class Duration>
double microseconds(Duration span) {
  return std::chrono::duration<double, std::micro>{span}.count();
}

} // namespace weft::bench
