#include "tests/support/checkers/model_space.hpp"

#include <doctest/doctest.h>

#include <set>
#include <utility>

namespace weft::checkers::test {

TEST_CASE("a seed gives the same history again, and another a different one") {
  CHECK(run_model(7).operations == run_model(7).operations);
  CHECK(run_model(7).operations != run_model(8).operations);
}

TEST_CASE("the model's histories have every verb with every outcome") {
  std::set<std::pair<verb, outcome>> seen;
  std::size_t empty = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    auto what = run_model(seed);
    CHECK(malformed(what).empty());
    for (const auto& each : what.operations) {
      seen.emplace(each.what, each.how);
      empty +=
          each.what == verb::take && each.how == outcome::ok && !each.answer
              ? 1
              : 0;
    }
  }
  for (auto what : {verb::write, verb::read, verb::take, verb::swap,
                    verb::claim, verb::confirm, verb::release}) {
    CHECK(seen.contains({what, outcome::ok}));
    CHECK(seen.contains({what, outcome::unknown}));
  }
  CHECK(seen.contains({verb::write, outcome::failed}));
  CHECK(seen.contains({verb::confirm, outcome::failed}));
  CHECK(empty > 100);
}

} // namespace weft::checkers::test
