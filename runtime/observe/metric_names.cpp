#include "runtime/observe/metric_names.hpp"

#include "runtime/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::observe {

namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_metric_name(std::string_view name) {
  return !name.empty() && is_lower(name.front())
         && std::all_of(name.begin(), name.end(), [](char c) {
              return is_lower(c) || is_digit(c) || c == '_' || c == ':';
            });
}

bool is_label_name(std::string_view name) {
  return !name.empty() && !is_digit(name.front())
         && std::all_of(name.begin(), name.end(), [](char c) {
              return is_letter(c) || is_digit(c) || c == '_';
            });
}

/// `text` as it may stand in a message: short, and valid UTF-8.
std::string shown(std::string_view text) {
  if (!is_utf8(text))
    return fmt::format("{} bytes that are not UTF-8", text.size());
  return text.size() > metric_name_bytes_max
             ? fmt::format("{}...", utf8_prefix(text, metric_name_bytes_max))
             : std::string{text};
}

tl::unexpected<failure> refuse(std::string_view name, std::string why) {
  return fail(errc::invalid_argument,
              fmt::format("metric \"{}\": {}", shown(name), why));
}

} // namespace

const char* to_string(metric_kind kind) noexcept {
  switch (kind) {
  case metric_kind::counter:
    return "counter";
  case metric_kind::gauge:
    return "gauge";
  case metric_kind::histogram:
    return "histogram";
  }
  return "untyped";
}

result<void> check_metric(metric_kind kind, std::string_view name,
                          std::string_view help) {
  if (!is_metric_name(name))
    return refuse(name, "expected a name of a-z 0-9 _ : that starts with a "
                        "letter");
  if (name.size() > metric_name_bytes_max)
    return refuse(name, fmt::format("expected at most {} bytes, got {}",
                                    metric_name_bytes_max, name.size()));
  if (kind == metric_kind::counter && !name.ends_with("_total"))
    return refuse(name, "the name of a counter must end in _total");
  if (kind != metric_kind::counter && name.ends_with("_total"))
    return refuse(name, fmt::format("only a counter may end in _total, this is "
                                    "a {}",
                                    to_string(kind)));
  if (kind == metric_kind::histogram && !name.ends_with("_seconds"))
    return refuse(name, "the name of a histogram must end in _seconds");
  if (help.empty() || help.size() > metric_help_bytes_max || !is_utf8(help))
    return refuse(name, fmt::format("expected a help text of 1 to {} bytes of "
                                    "UTF-8, got {} bytes",
                                    metric_help_bytes_max, help.size()));
  return {};
}

result<void> check_labels(std::string_view name, const metric_labels& labels) {
  if (labels.size() > metric_labels_max)
    return refuse(name, fmt::format("expected at most {} labels, got {}",
                                    metric_labels_max, labels.size()));
  for (const auto& [key, value] : labels) {
    if (!is_label_name(key) || key.size() > metric_name_bytes_max)
      return refuse(name, fmt::format("label \"{}\": expected a name of A-Z "
                                      "a-z 0-9 _ that starts with no digit",
                                      shown(key)));
    if (key.starts_with("__") || key == "le" || key == "quantile")
      return refuse(name, fmt::format("label \"{}\" is reserved for "
                                      "Prometheus",
                                      key));
    if (value.size() > label_value_bytes_max || !is_utf8(value))
      return refuse(name,
                    fmt::format("label \"{}\": expected a value of at "
                                "most {} bytes of UTF-8, got \"{}\"",
                                key, label_value_bytes_max, shown(value)));
  }
  return {};
}

} // namespace weft::observe
