#pragma once

#include "spaces/field_type.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weft::spaces {

/// What a cell of a pattern says where it is no field that must be equal.
enum class matcher_kind : std::uint8_t {
  any = 16,
  type = 17,
  range = 18,
  prefix = 19,
  one_of = 20,
};

/// One field of a tuple or one matcher of a pattern, in 16 bytes:
///
///     byte 0      kind: a field_type or a matcher_kind
///     byte 1      length of a short text, or `outside`, or details
///     bytes 2-15  a short text of at most 14 bytes, zeros behind it
///     bytes 4-7   of what lies outside: bytes, or elements of array or list
///     bytes 8-15  bool, i64 or f64; or where it lies outside (bytes 8-11)
///
/// What lies outside is found by its distance from the block's outside part:
/// texts, doubles, or cells, each aligned to 8. Unused bytes are zero, so that
/// equal fields that lie inside have equal words, but for -0.
struct alignas(8) cell {
  static constexpr std::uint8_t outside = 0xFF;
  static constexpr std::size_t inside_bytes_max = 14;

  std::uint8_t kind = 0;
  std::uint8_t detail = 0;
  char text[inside_bytes_max] = {};

  bool is(field_type type) const {
    return kind == static_cast<std::uint8_t>(type);
  }
  bool is(matcher_kind matcher) const {
    return kind == static_cast<std::uint8_t>(matcher);
  }
  bool is_field() const { return kind < field_types; }
  bool is_outside() const { return detail == outside; }

  std::uint64_t first_word() const { return word(&kind); }
  std::uint64_t second_word() const { return word(text + 6); }
  std::uint32_t size() const { return half(text + 2); }
  std::uint32_t offset() const { return half(text + 6); }

  void set_scalar(std::uint64_t bits) { std::memcpy(text + 6, &bits, 8); }
  void set_outside(std::uint32_t size, std::uint32_t offset) {
    detail = outside;
    std::memcpy(text + 2, &size, 4);
    std::memcpy(text + 6, &offset, 4);
  }

private:
  static std::uint64_t word(const void* from) {
    std::uint64_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return bits;
  }
  static std::uint32_t half(const void* from) {
    std::uint32_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return bits;
  }
};

static_assert(sizeof(cell) == 16);

/// The bits that decide about equality of doubles: -0 is +0.
inline std::uint64_t equality_bits(std::uint64_t bits) {
  constexpr auto minus_zero = std::uint64_t{1} << 63;
  return bits == minus_zero ? 0 : bits;
}

/// Whether two fields outside of the words are equal. Slow half of `equal`.
bool equal_outside(const cell& a, const char* outside_a, const cell& b,
                   const char* outside_b);

/// Whether two fields are equal: same type, same content; doubles by their
/// bits, -0 as +0, so that a NaN equals itself. Cost: linear in the content.
inline bool equal(const cell& a, const char* outside_a, const cell& b,
                  const char* outside_b) {
  if (a.first_word() == b.first_word() && a.second_word() == b.second_word()
      && !a.is_outside())
    return true;
  if (a.kind != b.kind || a.kind < static_cast<int>(field_type::f64))
    return false;
  return equal_outside(a, outside_a, b, outside_b);
}

/// -1, 0 or 1 for two fields of one type that has an order: i64, f64 (none of
/// them a NaN), string and bytes (byte by byte).
int compare(const cell& a, const char* outside_a, const cell& b,
            const char* outside_b);

/// The text of a cell of strings or bytes.
inline std::string_view text_of(const cell& of, const char* outside) {
  if (of.is_outside())
    return {outside + of.offset(), of.size()};
  return {of.text, of.detail};
}

/// The product's halves, folded (the mixing step of Wang Yi's wyhash).
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using wide = unsigned __int128;
  const auto product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product)
         ^ static_cast<std::uint64_t>(product >> 64);
}

/// Hash of what lies outside. Slow half of `hash`.
std::uint64_t hash_outside(const cell& of, const char* outside,
                           std::uint64_t seed);

/// A hash of a field that lies inside.
inline std::uint64_t hash_inside(const cell& of, std::uint64_t seed) {
  // So that neither factor is small, whatever seed and field are.
  constexpr std::uint64_t some = 0xE7037ED1A0B428DB;
  constexpr std::uint64_t other = 0x9E3779B97F4A7C15;
  auto second = of.second_word();
  if (of.is(field_type::f64))
    second = equality_bits(second);
  return mix(of.first_word() ^ seed ^ some, second ^ other);
}

/// A hash of the field, equal for equal fields. Cost: linear in the content.
inline std::uint64_t hash(const cell& of, const char* outside,
                          std::uint64_t seed) {
  return of.is_outside() ? hash_outside(of, outside, seed)
                         : hash_inside(of, seed);
}

} // namespace weft::spaces
