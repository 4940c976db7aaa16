#include "apps/byzantine/core/plan.hpp"

#include <doctest/doctest.h>

#include <string>

namespace weft::byzantine::test {

namespace {

errc code(const result<void>& what) {
  return what ? errc::none : what.error().code;
}

} // namespace

TEST_CASE("oral messages need more than three generals a traitor") {
  for (std::uint32_t m : {1, 2, 3}) {
    const plan enough{.generals = 3 * m + 1, .traitors_max = m, .traitors = {}};
    const plan too_few{.generals = 3 * m, .traitors_max = m, .traitors = {}};
    CHECK(code(check_enough(enough)) == errc::none);
    CHECK(code(check_enough(too_few)) == errc::invalid_argument);
  }
  const plan three{.generals = 3, .traitors = {}};
  CHECK(check_enough(three).error().message
        == "3 generals cannot withstand a traitor by oral messages: a loyal "
           "one cannot tell a lying commander from a lying comrade. OM(1) "
           "needs at least 4 generals; sm needs 3");
  const plan written{
      .generals = 3, .algorithm = algorithm::written, .traitors = {}};
  CHECK(code(check_enough(written)) == errc::none);
}

TEST_CASE("a plan that cannot be carried out is refused") {
  CHECK(code(check({.traitors = {}})) == errc::none);
  CHECK(code(check({.generals = 1, .traitors_max = 0, .traitors = {}}))
        == errc::invalid_argument);
  CHECK(code(check({.generals = generals_max + 1, .traitors = {}}))
        == errc::invalid_argument);
  CHECK(code(check({.generals = 4, .traitors_max = 3, .traitors = {}}))
        == errc::invalid_argument);
  CHECK(code(check({.generals = 4, .traitors = {4}}))
        == errc::invalid_argument);
  CHECK(code(check({.traitors = {1}, .strategy = strategy::forge}))
        == errc::invalid_argument);
  CHECK(code(check({.generals = 100, .traitors_max = 33, .traitors = {}}))
        == errc::exhausted);
}

TEST_CASE("a strategy is found by its name") {
  for (auto what : {strategy::random, strategy::split, strategy::silent,
                    strategy::collude, strategy::last_round, strategy::forge})
    CHECK(parse_strategy(to_string(what)) == what);
  auto wrong = parse_strategy("last_round");
  REQUIRE(!wrong);
  CHECK(wrong.error().code == errc::invalid_argument);
  CHECK(wrong.error().message.find("did you mean last-round?")
        != std::string::npos);
}

} // namespace weft::byzantine::test
