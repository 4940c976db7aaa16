#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace weft::torus {

/// Which of `Size` slots in a ring hold something; `Size` is a multiple of 64.
template <std::size_t Size>
class occupancy {
  static_assert(Size % 64 == 0);
  static constexpr std::size_t words = Size / 64;

public:
  /// What `next` returns when all slots are empty.
  static constexpr std::size_t none = Size;

  void set(std::size_t slot) { words_[slot / 64] |= bit(slot); }
  void clear(std::size_t slot) { words_[slot / 64] &= ~bit(slot); }

  /// How many slots behind `from` the next occupied one lies: 0 for itself,
  /// at most `Size` - 1, around the end; or `none`.
  ///
  /// *Cost*: a look at `Size` / 64 words at most.
  std::size_t next(std::size_t from) const {
    auto at = from / 64;
    auto word = words_[at] >> (from % 64);
    if (word != 0)
      return static_cast<std::size_t>(std::countr_zero(word));
    auto passed = 64 - from % 64;
    for (std::size_t count = 0; count < words; ++count) {
      at = at + 1 == words ? 0 : at + 1;
      if (words_[at] != 0)
        return passed + static_cast<std::size_t>(std::countr_zero(words_[at]));
      passed += 64;
    }
    return none;
  }

private:
  static constexpr std::uint64_t bit(std::size_t slot) {
    return std::uint64_t{1} << (slot % 64);
  }

  std::array<std::uint64_t, words> words_{};
};

} // namespace weft::torus
