#include "apps/bench/samples.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace weft::bench {

const char* to_string(better direction) noexcept {
  return direction == better::higher ? "higher" : "lower";
}

double median_of(std::vector<double> values) {
  WEFT_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  if (values.size() % 2 == 1)
    return values[middle];
  return std::midpoint(values[middle - 1], values[middle]);
}

double quantile_of_sorted(const std::vector<double>& values, double share) {
  WEFT_ASSERT(!values.empty() && share >= 0 && share <= 1);
  const auto rank = std::ceil(share * static_cast<double>(values.size()));
  return values[rank < 1 ? 0 : static_cast<std::size_t>(rank) - 1];
}

result<summary> summarize(std::vector<double> runs) {
  if (runs.empty())
    return fail(errc::invalid_argument, "expected at least one run, got none");
  for (const double run : runs)
    if (!std::isfinite(run) || run <= 0)
      return fail(
          errc::invalid_argument,
          fmt::format("expected every run to be above zero, got {}", run));
  summary of;
  const auto [least, most] = std::minmax_element(runs.begin(), runs.end());
  of.min = *least;
  of.max = *most;
  of.median = median_of(runs);
  std::vector<double> deviations;
  for (const double run : runs)
    deviations.push_back(std::abs(run - of.median));
  of.mad = median_of(std::move(deviations));
  of.runs = std::move(runs);
  return of;
}

double advantage(better direction, double ours, double theirs) {
  WEFT_ASSERT(ours > 0 && theirs > 0);
  return direction == better::higher ? ours / theirs : theirs / ours;
}

nlohmann::json to_json(const summary& of) {
  return {{"min", of.min},
          {"median", of.median},
          {"max", of.max},
          {"mad", of.mad},
          {"runs", of.runs}};
}

} // namespace weft::bench
