#pragma once

#include "spaces/pattern.hpp"

#include <bit>
#include <cstdint>

/// What shapes look up tuples and patterns by.
namespace weft::spaces {

/// A set of the first 64 positions, the lowest bit for position 0.
using positions = std::uint64_t;

/// Goes on with a hash of the fields at these positions. Slow half of
/// `hash_at`.
std::uint32_t hash_outside_at(const block& of, positions which,
                              std::uint64_t state);

/// Hash of the fields at these positions.
inline std::uint32_t hash_at(const block& of, positions which,
                             std::uint64_t seed) {
  auto state = seed;
  for (; which != 0; which &= which - 1) {
    const auto& each = of.cells()[std::countr_zero(which)];
    if (each.is_outside()) [[unlikely]]
      return hash_outside_at(of, which, state);
    state = hash_inside(each, state);
  }
  return static_cast<std::uint32_t>(state >> 32);
}

/// Orders fields of one type as ranges do, by their first 8 bytes where they
/// are strings or bytes: a lower key is a lower field, equal keys say nothing.
/// Fields of other types have no order and get 0.
std::uint64_t order_key(const cell& of, const char* outside);

/// The keys that a range or a prefix may match, both ends included, and the
/// type of its fields.
struct key_range {
  std::uint64_t from = 0;
  std::uint64_t to = ~std::uint64_t{0};
  field_type type = field_type::null;
};
key_range keys_of(const cell& matcher, const char* outside);

/// `hash` with the type of the field that is ordered by.
inline std::uint32_t with_type(std::uint32_t hash, std::uint8_t kind) {
  return hash + 0x9E3779B9U * kind;
}

} // namespace weft::spaces
