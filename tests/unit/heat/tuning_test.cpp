#include "apps/heat/machine/tuning.hpp"

#include <doctest/doctest.h>

namespace weft::heat::test {

TEST_CASE("regions write past the cache once two arrays exceed it") {
  const cache_sizes have{.second_bytes = 1 << 20, .last_bytes = 32 << 20};
  region_options options;
  tune(options, 1 << 21, have);
  CHECK(!options.past_cache);
  CHECK(options.scratch_bytes_max == 768 << 10);
  tune(options, (1 << 21) + 1, have);
  CHECK(options.past_cache);
}

TEST_CASE("a machine has caches") {
  CHECK(caches().second_bytes > 0);
  CHECK(caches().last_bytes > 0);
}

} // namespace weft::heat::test
