#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace weft::torus {

namespace detail {

/// Numbers below 1 as multiples of 2^-32.
inline constexpr double one_q32 = 4294967296.0;

/// -ln(x) for 1/3 < x <= 1, by the series of the area hyperbolic tangent.
constexpr double minus_logarithm(double x) {
  const auto z = (1 - x) / (1 + x);
  double power = z;
  double sum = 0;
  for (int term = 1; term < 60; term += 2) {
    sum += power / term;
    power *= z * z;
  }
  return 2 * sum;
}

/// -ln(x) for x = 1/2 + i/512.
inline constexpr auto logarithms = [] {
  std::array<std::uint32_t, 257> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<std::uint32_t>(
        minus_logarithm(0.5 + static_cast<double>(i) / 512) * one_q32 + 0.5);
  return table;
}();

} // namespace detail

/// An exponentially distributed number of ticks with this mean, below 2^20,
/// from 64 random bits; at most 45 times the mean. By inversion, in integers
/// alone, and so the same on every machine; off by less than mean/100,000
/// before it is rounded down.
constexpr std::uint32_t exponential_ticks(std::uint64_t random,
                                          std::uint32_t mean) {
  random |= 1;
  const auto halvings = static_cast<unsigned>(std::countl_zero(random));
  const auto bits = random << halvings;
  const auto place = bits >> 55 & 255;
  const auto rest = bits >> 23 & 0xFFFF'FFFF;
  const std::uint64_t above = detail::logarithms[place];
  const std::uint64_t below = detail::logarithms[place + 1];
  const auto logarithm = halvings * std::uint64_t{detail::logarithms[0]} + above
                         - ((above - below) * rest >> 32);
  return static_cast<std::uint32_t>(logarithm * mean >> 32);
}

} // namespace weft::torus
