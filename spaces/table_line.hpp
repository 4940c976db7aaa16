#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace weft::spaces {

/// A cache line of a `shape_table`: four places, each with the hash of a
/// group, its oldest item and the address of what is looked at for that.
struct alignas(64) table_line {
  static constexpr unsigned places = 4;
  /// Of a head: the group has more than one item.
  static constexpr std::uint32_t many_bit = 0x8000'0000;

  /// 0: the place is free.
  std::array<std::uint32_t, places> hashes{};
  /// With `many_bit`.
  std::array<std::uint32_t, places> heads{};
  std::array<const void*, places> memories{};

  /// A bit for each place with this hash.
  unsigned with(std::uint32_t hash) const {
#ifdef __SSE2__
    // At once and without a branch; a loop is five times as long.
    using four = std::uint32_t __attribute__((vector_size(16)));
    using mask = float __attribute__((vector_size(16)));
    const auto same = std::bit_cast<four>(hashes) == four{} + hash;
    return static_cast<unsigned>(
        __builtin_ia32_movmskps(std::bit_cast<mask>(same)));
#else
    unsigned found = 0;
    for (unsigned i = 0; i < places; ++i)
      found |= static_cast<unsigned>(hashes[i] == hash) << i;
    return found;
#endif
  }
  bool full() const {
    return with(0) == 0;
  }
};

static_assert(sizeof(table_line) == 64);

} // namespace weft::spaces
