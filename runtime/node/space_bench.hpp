#pragma once

#include "actors/space/space.hpp"
#include "config/options.hpp"
#include "runtime/observe/histogram.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace weft {

struct space_bench_options {
  /// For both halves together.
  std::chrono::nanoseconds time = std::chrono::seconds{2};
  /// Writes, and then takes, that are under way at once in the second half.
  std::size_t batch = 100;
  /// The first field of all tuples begins with it, or the second where the
  /// first is a number.
  std::string key;
};

/// A tuple of 4 fields, or of more where the routing asks for more, that is
/// like no other of the bench and belongs to some shard; what it is taken with
/// fixes its key, its number and the routing fields.
struct bench_job {
  spaces::tuple what;
  spaces::pattern with;
};

/// The i-th one.
bench_job make_bench_job(const config::space_options& of,
                         const std::string& key, std::int64_t i);

/// {"p50", "p90", "p99", "p999", "max"} in microseconds; 0 if it is empty.
nlohmann::json percentiles(const observe::histogram& of);

/// Measures a space as one thread of this node uses it: for half of the time
/// it writes a tuple and takes it again, one operation after the other; for the
/// other half it does so in batches. Blocks. Every tuple has a lease of a
/// minute, and what is left in the end is removed. Fails with the first
/// operation that fails.
result<nlohmann::json> run_space_bench(const space& where,
                                       const config::space_options& of,
                                       const space_bench_options& how);

} // namespace weft
