#include "runtime/base/result.hpp"

#include <doctest/doctest.h>

namespace weft {

TEST_CASE("a code is found by its name") {
  int codes = 0;
  for (int i = 1; to_string(static_cast<errc>(i)) != "unknown"; ++i, ++codes) {
    const auto code = static_cast<errc>(i);
    CHECK(parse_errc(to_string(code)) == code);
  }
  CHECK(codes == 11);
  for (const auto* other : {"none", "unknown", "", "Timed_out"})
    CHECK_FALSE(parse_errc(other));
}

} // namespace weft
