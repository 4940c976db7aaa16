#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft::observe {

enum class metric_kind : std::uint8_t {
  /// Only grows, from 0 at the start of the process.
  counter,
  /// Goes up and down.
  gauge,
  /// A distribution of latencies.
  histogram,
};

/// "counter", "gauge" or "histogram".
const char* to_string(metric_kind kind) noexcept;

/// What tells the series of one metric apart, e.g. {{"peer", "n2"}}.
using metric_labels = std::map<std::string, std::string>;

/// A histogram as it was when it was read. Latencies in seconds.
struct histogram_sample {
  /// How many samples were at most so many seconds: rising bounds, rising
  /// counts; the bound of infinity is left out, its count is `count`.
  std::vector<std::pair<double, std::uint64_t>> at_most;
  std::uint64_t count = 0;
  double sum_seconds = 0;

  friend bool operator==(const histogram_sample&,
                         const histogram_sample&) = default;
};

/// One series and its value.
struct metric_sample {
  metric_labels labels;
  std::variant<std::uint64_t, double, histogram_sample> value;
};

/// All series of one metric, by labels.
struct metric_family {
  std::string name;
  std::string help;
  metric_kind kind = metric_kind::gauge;
  std::vector<metric_sample> samples;
};

} // namespace weft::observe
