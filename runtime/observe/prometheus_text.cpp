#include "runtime/observe/prometheus_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string_view>

namespace weft::observe {

namespace {

/// Backslash and line feed, and in label values the quote, are escaped.
std::string escaped_label(std::string_view text, bool quoted) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\')
      out += "\\\\";
    else if (c == '"' && quoted)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

/// {a="1",b="2"}, or nothing. `bound` is the bucket label of histograms.
std::string label_text(const metric_labels& labels,
                       std::string_view bound = {}) {
  std::string out;
  const auto append = [&](std::string_view key, std::string_view value) {
    out += out.empty() ? '{' : ',';
    fmt::format_to(std::back_inserter(out), "{}=\"{}\"", key,
                   escaped_label(value, true));
  };
  for (const auto& [key, value] : labels)
    append(key, value);
  if (!bound.empty())
    append("le", bound);
  if (!out.empty())
    out += '}';
  return out;
}

void append_histogram(std::string& out, std::string_view name,
                      const metric_labels& labels,
                      const histogram_sample& sample) {
  auto to = std::back_inserter(out);
  for (const auto& [bound, count] : sample.at_most)
    fmt::format_to(to, "{}_bucket{} {}\n", name,
                   label_text(labels, number(bound)), count);
  fmt::format_to(to, "{}_bucket{} {}\n", name, label_text(labels, "+Inf"),
                 sample.count);
  fmt::format_to(to, "{}_sum{} {}\n", name, label_text(labels),
                 number(sample.sum_seconds));
  fmt::format_to(to, "{}_count{} {}\n", name, label_text(labels), sample.count);
}

void append_sample(std::string& out, std::string_view name,
                   const metric_sample& sample) {
  if (const auto* times = std::get_if<histogram_sample>(&sample.value)) {
    append_histogram(out, name, sample.labels, *times);
    return;
  }
  const auto* count = std::get_if<std::uint64_t>(&sample.value);
  fmt::format_to(std::back_inserter(out), "{}{} {}\n", name,
                 label_text(sample.labels),
                 count ? fmt::format("{}", *count)
                       : number(std::get<double>(sample.value)));
}

} // namespace

std::string prometheus_text(std::span<const metric_family> families) {
  std::string out;
  for (const auto& family : families) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n",
                   family.name, escaped_label(family.help, false), family.name,
                   to_string(family.kind));
    for (const auto& sample : family.samples)
      append_sample(out, family.name, sample);
  }
  return out;
}

} // namespace weft::observe
