#include "actors/torus/core/occupancy.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <set>

namespace weft::torus {

TEST_CASE("an empty ring has no next slot") {
  occupancy<128> ring;
  for (std::size_t from = 0; from < 128; ++from)
    CHECK(ring.next(from) == ring.none);
}

TEST_CASE("the next slot is found around the end of the ring") {
  std::mt19937_64 random{random_seed()};
  occupancy<192> ring;
  std::set<std::size_t> model;
  for (int round = 0; round < 20'000; ++round) {
    const auto slot = random() % 192;
    if (model.size() < 4 && random() % 2 == 0) {
      ring.set(slot);
      model.insert(slot);
    } else {
      ring.clear(slot);
      model.erase(slot);
    }
    const auto from = random() % 192;
    auto found = model.lower_bound(from);
    if (found == model.end())
      found = model.begin();
    CHECK(ring.next(from)
          == (model.empty() ? ring.none : (*found + 192 - from) % 192));
  }
}

} // namespace weft::torus
