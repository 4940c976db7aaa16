#include "apps/heat/output/checksum.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft::heat::test {

TEST_CASE("the checksum is SHA-256 of the doubles as they lie in memory") {
  checksum nothing;
  CHECK(nothing.hex()
        == "e3b0c44298fc1c149afbf4c8996fb924"
           "27ae41e4649b934ca495991b7852b855");
  std::vector<double> cells{0.0, 1.0, -2.5};
  checksum at_once;
  at_once.add(cells);
  checksum in_parts;
  in_parts.add({cells.data(), 1});
  in_parts.add({cells.data() + 1, 2});
  auto sum = at_once.hex();
  CHECK(sum == in_parts.hex());
  CHECK(sum
        == "dac183dbebdeba8a99ace5f31b2b38ad"
           "ca59fe5e1d5354147acd11db7eb1eaf5");
}

} // namespace weft::heat::test
