#pragma once

#include "runtime/observe/metric_family.hpp"

#include <span>
#include <string>

namespace weft::observe {

/// The media type of `prometheus_text`.
inline constexpr const char* prometheus_content_type =
    "text/plain; version=0.0.4; charset=utf-8";

/// The metrics in Prometheus' text exposition format, version 0.0.4
/// (prometheus.io, "Exposition formats"): HELP, TYPE, and the series in the
/// order given. A histogram becomes cumulative `_bucket`s, `_sum`, `_count`.
std::string prometheus_text(std::span<const metric_family> families);

} // namespace weft::observe
