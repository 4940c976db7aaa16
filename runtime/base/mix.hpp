#pragma once

#include <cstdint>

namespace weft {

/// Spreads the bits of a number over all of the result: the same on every
/// machine and in every version. Stafford 2011, "mix13".
constexpr std::uint64_t mixed(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

/// 2^64 divided by the golden ratio.
inline constexpr std::uint64_t golden_step = 0x9E3779B97F4A7C15;

/// The next of a sequence of random numbers, and its next state. "splitmix64"
/// (Steele, Lea and Flood 2014). Not for secrets.
constexpr std::uint64_t next_random(std::uint64_t& state) noexcept {
  return mixed(state += golden_step);
}

} // namespace weft
