#pragma once

#include "runtime/base/result.hpp"
#include "runtime/observe/metric_family.hpp"

#include <cstddef>
#include <string_view>

namespace weft::observe {

inline constexpr std::size_t metric_name_bytes_max = 128;
inline constexpr std::size_t metric_help_bytes_max = 1024;
inline constexpr std::size_t metric_labels_max = 16;
inline constexpr std::size_t label_value_bytes_max = 256;

/// Checks a metric by the naming conventions of Prometheus: a name of
/// [a-z0-9_:] that starts with a letter; counters end in "_total" and nothing
/// else does; histograms hold latencies and end in "_seconds"; the help text
/// is not empty. Fails with `invalid_argument`.
result<void> check_metric(metric_kind kind, std::string_view name,
                          std::string_view help);

/// Checks label names ([a-zA-Z_][a-zA-Z0-9_]*, not "__...", not "le" or
/// "quantile") and values (UTF-8), and the limits above. Fails with
/// `invalid_argument`.
result<void> check_labels(std::string_view name, const metric_labels& labels);

} // namespace weft::observe
