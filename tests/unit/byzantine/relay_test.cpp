#include "apps/byzantine/core/relay.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

namespace weft::byzantine::test {

TEST_CASE("different messages have different bytes to sign") {
  std::set<std::vector<std::uint8_t>> seen;
  std::size_t count = 0;
  for (std::uint64_t instance : {0ULL, 1ULL, 256ULL, 1ULL << 40})
    for (const std::vector<general_id>& path :
         {std::vector<general_id>{0}, {0, 1}, {0, 2}, {0, 1, 2}, {0, 256}})
      for (auto value : {order::attack, order::retreat}) {
        seen.insert(signed_bytes(instance, path, value));
        ++count;
      }
  CHECK(seen.size() == count);
}

TEST_CASE("the opposite of an order is the other one") {
  CHECK(opposite(order::attack) == order::retreat);
  CHECK(opposite(order::retreat) == order::attack);
  CHECK(to_string(order::attack) == "attack");
  CHECK(to_string(order::retreat) == "retreat");
}

} // namespace weft::byzantine::test
