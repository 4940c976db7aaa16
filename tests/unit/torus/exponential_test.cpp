#include "actors/torus/core/exponential.hpp"
#include "runtime/base/mix.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace weft::torus {

TEST_CASE("ticks are the logarithm of the bits as a part of one") {
  std::uint64_t stream = 1;
  for (int i = 0; i < 100'000; ++i) {
    const auto bits = next_random(stream) >> (i % 64);
    const auto exact =
        -std::log(std::ldexp(static_cast<double>(bits | 1), -64)) * 900'000;
    CHECK(std::abs(exponential_ticks(bits, 900'000) + 0.5 - exact) < 9.5);
  }
}

TEST_CASE("the smallest and the largest of all random numbers have ticks") {
  CHECK(exponential_ticks(~std::uint64_t{0}, 1000) == 0);
  CHECK(exponential_ticks(0, 1000) == 44'361);
  CHECK(exponential_ticks(1, 1000) == 44'361);
  static_assert(exponential_ticks(std::uint64_t{1} << 63, 1000) == 693);
}

TEST_CASE("more random bits never take longer") {
  std::uint32_t last = 50'000;
  for (std::uint64_t part = 0; part < 100'000; ++part) {
    const auto ticks =
        exponential_ticks(part * (~std::uint64_t{0} / 99'999), 1000);
    CHECK(ticks <= last);
    last = ticks;
  }
}

TEST_CASE("mean and variance are those of the distribution") {
  std::uint64_t stream = 2;
  constexpr int draws = 1'000'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double ticks = exponential_ticks(next_random(stream), 900) + 0.5;
    sum += ticks;
    squares += ticks * ticks;
  }
  const auto mean = sum / draws;
  CHECK(mean == doctest::Approx(900).epsilon(0.005));
  CHECK(squares / draws - mean * mean
        == doctest::Approx(900.0 * 900.0).epsilon(0.01));
}

} // namespace weft::torus
