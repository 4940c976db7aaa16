#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace weft {

namespace {

/// Optimal string alignment distance (Damerau 1964, restricted).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1),
      row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

struct unit {
  std::string_view name;
  double scale;
};

constexpr std::array<unit, 7> duration_units{{
    {"d", 86'400e9},
    {"h", 3'600e9},
    {"min", 60e9},
    {"s", 1e9},
    {"ms", 1e6},
    {"us", 1e3},
    {"ns", 1},
}};

constexpr std::array<unit, 9> byte_units{{
    {"TiB", 1099511627776.0},
    {"GiB", 1073741824.0},
    {"MiB", 1048576.0},
    {"KiB", 1024.0},
    {"TB", 1e12},
    {"GB", 1e9},
    {"MB", 1e6},
    {"kB", 1e3},
    {"B", 1},
}};

/// Splits "1.5 h" into its number and the name of its unit.
result<std::pair<double, std::string_view>>
parse_quantity(std::string_view text, std::string_view what) {
  const auto trimmed = trim(text);
  double number = 0;
  const auto [end, code] =
      std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
  if (code != std::errc{} || !std::isfinite(number) || number < 0)
    return fail(errc::invalid_argument,
                fmt::format("expected {}, got \"{}\"", what, text));
  const auto used = static_cast<std::size_t>(end - trimmed.data());
  return std::pair{number, trim(trimmed.substr(used))};
}

template <std::size_t N>
const unit* find_unit(const std::array<unit, N>& units, std::string_view name) {
  for (const auto& candidate : units)
    if (candidate.name == name)
      return &candidate;
  return nullptr;
}

} // namespace

std::optional<std::string>
nearest_spelling(std::string_view word,
                 std::span<const std::string> candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const auto& candidate : candidates) {
    const auto longer = std::max(word.size(), candidate.size());
    const auto allowed = std::max<std::size_t>(1, longer / 3);
    const auto distance = edit_distance(word, candidate);
    if (distance > allowed || (best && distance >= best_distance))
      continue;
    best = &candidate;
    best_distance = distance;
  }
  if (!best)
    return std::nullopt;
  return *best;
}

result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  constexpr std::string_view what = "a duration such as 250ms, 5s or 1h";
  auto quantity = parse_quantity(text, what);
  if (!quantity)
    return pass_on(quantity);
  const auto [number, name] = *quantity;
  if (name.empty() && number == 0)
    return std::chrono::nanoseconds{0};
  const auto* found = find_unit(duration_units, name);
  const double scaled = found ? number * found->scale : -1;
  constexpr auto most =
      static_cast<double>(std::numeric_limits<std::int64_t>::max() / 2);
  if (!found || scaled > most)
    return fail(errc::invalid_argument,
                fmt::format("expected {}, got \"{}\"", what, text));
  return std::chrono::nanoseconds{
      static_cast<std::int64_t>(std::llround(scaled))};
}

std::string format_duration(std::chrono::nanoseconds value) {
  const auto count = value.count();
  if (count == 0)
    return "0s";
  for (const auto& candidate : duration_units) {
    const auto scale = static_cast<std::int64_t>(candidate.scale);
    if (count % scale == 0)
      return fmt::format("{}{}", count / scale, candidate.name);
  }
  return fmt::format("{}ns", count);
}

result<std::uint64_t> parse_bytes(std::string_view text) {
  constexpr std::string_view what = "a size such as 512, 10kB or 64MiB";
  auto quantity = parse_quantity(text, what);
  if (!quantity)
    return pass_on(quantity);
  const auto [number, name] = *quantity;
  const auto* found = find_unit(byte_units, name.empty() ? "B" : name);
  const double scaled = found ? number * found->scale : -1;
  if (!found || scaled > 9e18)
    return fail(errc::invalid_argument,
                fmt::format("expected {}, got \"{}\"", what, text));
  return static_cast<std::uint64_t>(std::llround(scaled));
}

std::string format_bytes(std::uint64_t value) {
  for (const auto& candidate : byte_units) {
    const auto scale = static_cast<std::uint64_t>(candidate.scale);
    const bool binary = candidate.name.ends_with("iB") || scale == 1;
    if (binary && value >= scale && value % scale == 0)
      return fmt::format("{}{}", value / scale, candidate.name);
  }
  return fmt::format("{}B", value);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  constexpr std::size_t kept = 40;
  if (text.size() <= bytes_max)
    return std::string{text};
  return fmt::format("{}... ({} bytes)", text.substr(0, kept), text.size());
}

bool is_name(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789_.-";
  return !text.empty() && text.size() <= 64 && text[0] != '.' && text[0] != '-'
         && text.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace weft
