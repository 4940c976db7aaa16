#pragma once

#include "runtime/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <vector>

/// Statistics of a series of runs. Pure.
namespace weft::bench {

/// Which way a figure improves.
enum class better { higher, lower };

/// "higher" or "lower".
const char* to_string(better direction) noexcept;

/// A series of runs of one figure, all in the figure's unit.
struct summary {
  double min = 0;
  double median = 0;
  double max = 0;
  /// Median of the absolute deviations from the median, not scaled.
  double mad = 0;
  /// In the order in which they were run.
  std::vector<double> runs;
};

/// The middle value; of an even number of values the mean of the middle two.
/// `values` must not be empty. Cost: O(n log n).
double median_of(std::vector<double> values);

/// The smallest of the sorted `values` that at least `share` (0 to 1) of them
/// do not exceed. `values` must not be empty.
double quantile_of_sorted(const std::vector<double>& values, double share);

/// Fails with `invalid_argument` when there are no runs, or one is not finite
/// and above zero: no figure of a benchmark is.
result<summary> summarize(std::vector<double> runs);

/// How much better ours is than theirs: above 1 ours wins, whichever way the
/// figure improves. Both must be above zero.
double advantage(better direction, double ours, double theirs);

/// {min, median, max, mad, runs: [...]}.
nlohmann::json to_json(const summary& of);

} // namespace weft::bench
