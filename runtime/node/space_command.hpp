#pragma once

#include "actors/space/space_operations.hpp"
#include "runtime/base/result.hpp"
#include "spaces/pattern.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// What an operator asks of a tuple space: the JSON body of a request to
/// /api/v1/spaces/OPERATION, whose keys are
///
///     tenant     "default" unless given
///     space      "name" or "namespace/name"; the tenant's only one
///     tuples     a list; each a JSON array or text as spaces/text.hpp has it
///     pattern    the same of a pattern
///     timeout_ms 0 unless given; cut down to `space_wait_max`
///     lease_ms   of what is written, or of a claim
///     limit      all that match, up to so many
///     claim      {"shard", "claim"}, as a claim was answered
///     watch      a watch's number
///     seconds, batch   of a bench
///     to         the space that tuples go to, of the same tenant
///     file       the absolute path of a snapshot, for the node
///     add        restore into a space that has tuples
///     transfer   the number of what could not be answered in time
struct space_command {
  std::string operation;
  std::string tenant = "default";
  /// Empty: the tenant's only one.
  std::string space;
  std::vector<spaces::tuple> tuples;
  /// Of none matches every tuple.
  spaces::pattern pattern;
  spaces::duration timeout = spaces::duration::zero();
  std::optional<spaces::duration> lease;
  /// More than the oldest tuple is asked for.
  std::optional<std::size_t> limit;
  claim_key claim;
  std::uint64_t watch = 0;
  std::chrono::seconds seconds{2};
  std::size_t batch = 100;
  std::string to;
  std::string file;
  bool add = false;
  std::uint64_t transfer = 0;
};

/// The longest that one request waits; below the time in which the HTTP server
/// wants an answer.
inline constexpr std::chrono::seconds space_wait_max{25};

/// The longest bench.
inline constexpr std::chrono::seconds space_bench_max{20};

/// `body` may be empty where nothing is needed. Fails with `not_found` for an
/// unknown operation, and with `invalid_argument` for a body that is no object,
/// a key that the operation does not know, lacks or has in another form, and
/// for mistakes in a tuple or pattern, whose place the message has.
result<space_command> parse_space_command(std::string_view operation,
                                          const std::string& body);

} // namespace weft
