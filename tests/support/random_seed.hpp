#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <random>

namespace weft {

/// The seed of a random test, which says it: `WEFT_TEST_SEED` repeats it.
inline std::uint64_t random_seed() {
  const auto* given = std::getenv("WEFT_TEST_SEED");
  const auto seed =
      given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  MESSAGE("WEFT_TEST_SEED=", seed);
  return seed;
}

} // namespace weft
