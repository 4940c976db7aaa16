#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace weft::observe {

enum class log_level : std::uint8_t { trace, debug, info, warning, error, off };

enum class log_format : std::uint8_t { text, json };

/// The name as it stands in the source, e.g. "warning".
std::string_view to_string(log_level level) noexcept;

/// A named value beside a log message: {"peer", name}, {"bytes", 512}. It
/// refers to its strings and is meant to live within one call.
struct field {
  using value_type =
      std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  field(std::string_view key, const Text& value)
      : key(key), value(std::string_view(value)) {}

  template <std::integral Number>
  field(std::string_view key, Number number)
      : key(key), value(widened(number)) {}

  template <std::floating_point Number>
  field(std::string_view key, Number number)
      : key(key), value(static_cast<double>(number)) {}

  std::string_view key;
  value_type value;

private:
  template <std::integral Number>
  static value_type widened(Number number) {
    if constexpr (std::same_as<Number, bool>)
      return number;
    else if constexpr (std::signed_integral<Number>)
      return static_cast<std::int64_t>(number);
    else
      return static_cast<std::uint64_t>(number);
  }
};

/// One event of the log.
struct log_record {
  std::chrono::system_clock::time_point time;
  log_level level = log_level::info;
  std::string_view node;
  std::string_view component;
  std::string_view message;
  std::span<const field> fields;
};

/// A message or a field is cut to so many bytes; "...(+N bytes)" tells.
inline constexpr std::size_t log_text_bytes_max = 8 * 1024;
/// Of more fields only so many are written, and "fields_dropped".
inline constexpr std::size_t log_fields_max = 32;

/// The record as one line without its line feed. Whatever a message or field
/// holds, it cannot end the line or control a terminal: control characters
/// (C0, DEL, C1) and bytes that are no UTF-8 are escaped.
///
/// text: `2026-11-21T10:00:00.123Z n2 info transport: lost peer peer=n3
/// reason="no answer"`; a field that is not plain is quoted, with backslash
/// escapes; no node's name is "-".
///
/// json: {"ts", "level", "node", "component", "msg", then the fields}; a field
/// with one of these names gets a "_" behind it, of two fields with one name
/// the last is kept, numbers that are not finite are null, bytes that are no
/// UTF-8 become U+FFFD.
std::string format_log_line(log_format format, const log_record& record);

} // namespace weft::observe
