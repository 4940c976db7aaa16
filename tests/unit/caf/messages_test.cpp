#include "runtime/caf/type_ids.hpp"
#include "tests/support/round_trip.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace weft {

namespace {

struct base_samples {
  template <class T>
  using of = std::type_identity<T>;

  real operator()(of<real>) const {
    return std::numeric_limits<double>::infinity();
  }
  std::vector<std::uint8_t> operator()(of<std::vector<std::uint8_t>>) const {
    return {0, 255, 7};
  }
  std::vector<std::int64_t> operator()(of<std::vector<std::int64_t>>) const {
    return {std::numeric_limits<std::int64_t>::min(), -1, 0};
  }
  std::vector<real> operator()(of<std::vector<real>>) const {
    return {-0.5, std::numeric_limits<double>::denorm_min()};
  }
};

} // namespace

TEST_CASE_FIXTURE(test::deterministic_system,
                  "every type that all layers send arrives as it was sent") {
  test::check_block<caf::id_block::weft_base>(system, base_samples{});
}

} // namespace weft
