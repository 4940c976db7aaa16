#include "spaces/shape.hpp"

#include <algorithm>

namespace weft::spaces {

namespace {

constexpr std::uint64_t top_bit = std::uint64_t{1} << 63;

/// The first 8 bytes as a number, the first byte the most significant.
std::uint64_t leading_bytes(std::string_view text, std::uint8_t filling) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i)
    key = key << 8
          | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : filling);
  return key;
}

} // namespace

std::uint32_t hash_outside_at(const block& of, positions which,
                              std::uint64_t state) {
  for (; which != 0; which &= which - 1)
    state = hash(of.cells()[std::countr_zero(which)], of.outside(), state);
  return static_cast<std::uint32_t>(state >> 32);
}

std::uint64_t order_key(const cell& of, const char* outside) {
  switch (static_cast<field_type>(of.kind)) {
  case field_type::i64:
    return of.second_word() ^ top_bit;
  case field_type::f64: {
    const auto bits = equality_bits(of.second_word());
    return (bits & top_bit) != 0 ? ~bits : bits | top_bit;
  }
  case field_type::string:
  case field_type::bytes:
    return leading_bytes(text_of(of, outside), 0);
  default:
    return 0;
  }
}

key_range keys_of(const cell& matcher, const char* outside) {
  key_range keys;
  keys.type = type_of(matcher, outside).value_or(field_type::null);
  const auto* parts = parts_of(matcher, outside);
  if (matcher.is(matcher_kind::prefix)) {
    const auto start = text_of(parts[0], outside);
    keys.from = leading_bytes(start, 0);
    keys.to = leading_bytes(start, 0xFF);
    return keys;
  }
  if (matcher.detail & has_from)
    keys.from = order_key(parts[0], outside);
  if (matcher.detail & has_to)
    keys.to = order_key(parts[1], outside);
  return keys;
}

} // namespace weft::spaces
