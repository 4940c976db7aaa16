#pragma once

#include <compare>
#include <cstdint>

namespace weft::spaces {

/// Where a tuple lies in its space: which store, and which of its items.
struct place {
  std::uint32_t store = 0;
  std::uint32_t item = 0;

  friend auto operator<=>(const place&, const place&) = default;
};

/// Where no tuple lies, for instance one that was never stored.
inline constexpr place nowhere{0xFFFF'FFFF, 0xFFFF'FFFF};

/// The id that a tuple is given when it is written. The sequence number is
/// never given again in its shard and grows with each write; the place makes
/// it quick to find.
struct tuple_id {
  std::uint64_t sequence = 0;
  place at;

  friend auto operator<=>(const tuple_id&, const tuple_id&) = default;
};

} // namespace weft::spaces
