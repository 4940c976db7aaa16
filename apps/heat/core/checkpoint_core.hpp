#pragma once

#include "apps/heat/core/rectangle.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace weft::heat {

/// States of regions travel and are kept in pieces of at most so many bytes.
inline constexpr std::size_t band_bytes_max = std::size_t{1} << 20;

/// A piece of a region's state before a block.
struct band_place {
  std::int64_t region = 0;
  std::uint64_t block = 0;
  /// Where it begins, and how large the whole state is, in bytes.
  std::uint64_t offset = 0;
  std::uint64_t bytes_total = 0;

  friend bool operator==(const band_place&, const band_place&) = default;
};

/// States that are kept for regions: what one node holds for its own and for
/// those of another node. Not thread-safe.
class checkpoint_core {
public:
  /// States of one region; the oldest goes when there is one more. Regions
  /// begin a new one when all pieces of the last are in safe hands, and are at
  /// most that far apart.
  static constexpr std::size_t states_max = 3;

  /// Takes a piece; the same piece may come again. Fails with
  /// `invalid_argument` when it lies outside of the whole, when its size
  /// differs from that of pieces before, or above `band_bytes_max`.
  result<void> put(const band_place& where,
                   const std::vector<std::uint8_t>& bytes);

  /// So many bytes from there, or less at the end. Fails with `not_found`
  /// when the state is not there or incomplete.
  result<std::vector<std::uint8_t>> get(const band_place& where,
                                        std::uint64_t bytes) const;

  /// Drops the states before earlier blocks.
  void forget_before(std::uint64_t block);

  std::size_t states() const { return states_.size(); }

private:
  using key = std::pair<std::int64_t, std::uint64_t>;

  struct state {
    std::vector<std::uint8_t> bytes;
    /// Offsets of the pieces that came, and their sizes.
    std::map<std::uint64_t, std::uint64_t> pieces;

    bool complete() const;
  };

  void drop_oldest(std::int64_t region);

  std::map<key, state> states_;
};

} // namespace weft::heat
