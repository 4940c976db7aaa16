#include "apps/heat/output/sinks.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft::heat::test {

TEST_CASE("probes take the values of their cells, in their order") {
  probe_sink probes{{{1, 2}, {0, 0}, {1, 2}}};
  REQUIRE(probes.add(std::vector<double>{1, 2, 3}));
  REQUIRE(probes.add(std::vector<double>{4, 5, 6}));
  REQUIRE(probes.finish());
  CHECK(probes.values() == std::vector<double>{6, 1, 6});
}

TEST_CASE("the checksum of rows is that of the array") {
  checksum whole;
  whole.add(std::vector<double>{1, 2, 3, 4});
  checksum_sink rows;
  REQUIRE(rows.add(std::vector<double>{1, 2}));
  REQUIRE(rows.add(std::vector<double>{3, 4}));
  REQUIRE(rows.finish());
  CHECK(rows.hex() == whole.hex());
}

} // namespace weft::heat::test
