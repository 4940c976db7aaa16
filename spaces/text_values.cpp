#include "spaces/text_scanner.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace weft::spaces {

namespace {

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint64_t plain_nan = 0x7FF8000000000000;

template <class T>
std::optional<value> parse_as(std::string_view text) {
  T number{};
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stop != end)
    return std::nullopt;
  return value{number};
}

} // namespace

std::optional<value> parse_number(std::string_view text) {
  if (text.find_first_of("0123456789") == std::string_view::npos
      || text.find_first_not_of("+-0123456789.eE") != std::string_view::npos
      || text.starts_with('+') || text.ends_with('.'))
    return std::nullopt;
  if (text.find_first_of(".eE") == std::string_view::npos)
    return parse_as<std::int64_t>(text);
  return parse_as<double>(text);
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8
             | (j < group.size() ? static_cast<std::uint8_t>(group[j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text +=
          j <= group.size() ? base64_letters[bits >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = base64_letters.find(text[i]);
    if (letter == std::string_view::npos && i + padding < text.size())
      return std::nullopt;
    bits = bits << 6
           | static_cast<std::uint32_t>(i + padding < text.size() ? letter : 0);
    if (i % 4 == 3)
      for (int shift = 16; shift >= 0; shift -= 8)
        bytes += static_cast<char>(bits >> shift);
  }
  bytes.resize(bytes.size() - padding);
  if (to_base64(bytes) != text)
    return std::nullopt;
  return bytes;
}

std::optional<std::string> special_name(double number) {
  if (std::isinf(number))
    return number > 0 ? "inf" : "-inf";
  if (!std::isnan(number))
    return std::nullopt;
  const auto bits = std::bit_cast<std::uint64_t>(number);
  return bits == plain_nan ? "nan" : fmt::format("nan:{:016x}", bits);
}

std::optional<double> special_named(std::string_view name) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  if (name == "inf")
    return infinity;
  if (name == "-inf")
    return -infinity;
  if (name == "nan")
    return std::bit_cast<double>(plain_nan);
  if (!name.starts_with("nan:") || name.size() != 20)
    return std::nullopt;
  std::uint64_t bits = 0;
  const auto* end = name.data() + name.size();
  const auto [stop, code] = std::from_chars(name.data() + 4, end, bits, 16);
  const auto number = std::bit_cast<double>(bits);
  if (code != std::errc{} || stop != end || !std::isnan(number))
    return std::nullopt;
  return number;
}

} // namespace weft::spaces
