#include "apps/byzantine/command/flags.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace weft::byzantine::test {

namespace {

using namespace std::chrono_literals;

std::string refusal(const flags& asked) {
  const auto made = plan_of(asked);
  if (made)
    return "";
  CHECK(made.error().code == errc::invalid_argument);
  return made.error().message;
}

} // namespace

TEST_CASE("without flags four generals withstand one traitor") {
  const auto made = plan_of({});
  REQUIRE(made);
  CHECK(made->generals == 4);
  CHECK(made->traitors_max == 1);
  CHECK(made->traitors.empty());
  CHECK(made->algorithm == algorithm::oral);
  CHECK(made->commanded == order::attack);
}

TEST_CASE("flags say everything about a run") {
  const auto made = plan_of({.generals = 9,
                             .traitors = {3, 1},
                             .algorithm = "sm",
                             .m = 4,
                             .order = "retreat",
                             .strategy = "forge",
                             .seed = 11});
  REQUIRE(made);
  CHECK(made->generals == 9);
  CHECK(made->traitors == std::set<general_id>{1, 3});
  CHECK(made->traitors_max == 4);
  CHECK(made->algorithm == algorithm::written);
  CHECK(made->commanded == order::retreat);
  CHECK(made->strategy == strategy::forge);
  CHECK(made->seed == 11);
}

TEST_CASE("m follows the number of traitors as far as generals allow") {
  const auto m = [](std::uint32_t generals, std::vector<general_id> traitors) {
    return plan_of({.generals = generals,
                    .traitors = std::move(traitors),
                    .algorithm = "sm"})
        .value()
        .traitors_max;
  };
  CHECK(m(7, {}) == 1);
  CHECK(m(7, {2, 5}) == 2);
  CHECK(m(3, {0, 1, 2}) == 1);
  CHECK(m(2, {}) == 0);
}

TEST_CASE("two runs are two instances") {
  CHECK(plan_of({})->instance != plan_of({})->instance);
}

TEST_CASE("flags that make no sense are refused with what does") {
  CHECK(refusal({.algorithm = "pbft"})
        == "algorithm \"pbft\": expected om or sm");
  CHECK(refusal({.order = "wait"})
        == "order \"wait\": expected attack or retreat");
  CHECK(refusal({.strategy = "colude"}).find("did you mean collude?")
        != std::string::npos);
  CHECK(refusal({.traitors = {4}}) == "traitor 4: expected a general, 0 to 3");
  CHECK(refusal({.deadline = 0s}) == "deadline: expected 1ms to 10min, got 0s");
}

TEST_CASE("too few generals are refused, but may be searched") {
  CHECK(refusal({.generals = 3}).find("OM(1) needs at least 4 generals")
        != std::string::npos);
  CHECK(refusal({.generals = 3, .search = true}).empty());
  CHECK(refusal({.generals = 3, .algorithm = "sm"}).empty());
}

} // namespace weft::byzantine::test
