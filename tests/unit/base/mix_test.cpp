#include "runtime/base/mix.hpp"

#include <doctest/doctest.h>

namespace weft {

TEST_CASE("random numbers are those of splitmix64") {
  // Vigna's splitmix64.c, seed 1234567.
  std::uint64_t state = 1'234'567;
  CHECK(next_random(state) == 6'457'827'717'110'365'317u);
  CHECK(next_random(state) == 3'203'168'211'198'807'973u);
  CHECK(next_random(state) == 9'817'491'932'198'370'423u);
}

} // namespace weft
