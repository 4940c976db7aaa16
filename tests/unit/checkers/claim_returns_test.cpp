#include "tests/support/checkers/claim_returns.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

namespace {

/// Client 2 claims tuple 1 from 10 to 12 for `lease` and dies at 50; others do
/// what follows. The space notices within 20.
std::vector<claim_return> after(tick lease, std::vector<operation> others) {
  others.insert(others.begin(),
                {wrote({1, 2}, {1}), by(2, claimed({10, 12}, 1, 7, lease))});
  auto what = of(std::move(others));
  what.deaths.push_back({2, 50});
  return claim_returns(what, 20);
}

} // namespace

TEST_CASE(
    "a claim of a client that died is back with its notice or its lease") {
  auto all = after(1000, {took({55, 75}, 1)});
  REQUIRE(all.size() == 1);
  CHECK(all[0].tuple == 1);
  CHECK(all[0].died == 50);
  CHECK(all[0].due == 70);
  CHECK(all[0].seen == 75);
  CHECK(all[0].late() == 5);
  all = after(45, {by(3, claimed({55, 56}, 1, 8))});
  REQUIRE(all.size() == 1);
  CHECK(all[0].due == 57);
  CHECK(all[0].late() == 0);
}

TEST_CASE("a claim that never comes back is late for ever") {
  const auto all = after(1000, {took({55, 75}, 2)});
  REQUIRE(all.size() == 1);
  CHECK(all[0].seen == forever);
}

TEST_CASE("a read from before the claim does not show that it is back") {
  const auto all = after(1000, {read({11, 60}, 1), read({80, 90}, 1)});
  REQUIRE(all.size() == 1);
  CHECK(all[0].seen == 90);
}

TEST_CASE("claims that were finished or had ended are not waited for") {
  CHECK(after(1000, {by(2, confirmed({20, 22}, 7))}).empty());
  CHECK(after(1000, {unknown(by(2, released({20, 22}, 7)))}).empty());
  CHECK(after(30, {}).empty());
}

TEST_CASE("claims of clients that live are not waited for") {
  CHECK(claim_returns(of({wrote({1, 2}, {1}), claimed({10, 12}, 1, 7)}), 20)
            .empty());
}

} // namespace weft::checkers::test
