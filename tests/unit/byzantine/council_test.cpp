#include "apps/byzantine/core/council.hpp"
#include "apps/byzantine/signing/ed25519.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <set>
#include <vector>

namespace weft::byzantine::test {

namespace {

constexpr strategy oral_strategies[] = {strategy::random, strategy::split,
                                        strategy::silent, strategy::collude,
                                        strategy::last_round};

constexpr strategy all_strategies[] = {strategy::random,     strategy::split,
                                       strategy::silent,     strategy::collude,
                                       strategy::last_round, strategy::forge};

/// All sets of exactly `size` numbers below `count`.
std::vector<std::set<general_id>> sets_of(std::size_t size,
                                          std::uint32_t count) {
  std::vector<std::set<general_id>> all;
  for (std::uint32_t bits = 0; bits < (1U << count); ++bits) {
    std::set<general_id> chosen;
    for (general_id who = 0; who < count; ++who)
      if (bits & (1U << who))
        chosen.insert(who);
    if (chosen.size() == size)
      all.push_back(chosen);
  }
  return all;
}

plan oral(std::uint32_t generals, std::uint32_t traitors_max) {
  return {.generals = generals,
          .traitors_max = traitors_max,
          .algorithm = algorithm::oral,
          .traitors = {}};
}

plan written(std::uint32_t generals, std::uint32_t traitors_max) {
  auto what = oral(generals, traitors_max);
  what.algorithm = algorithm::written;
  return what;
}

std::string describe(const plan& what) {
  return fmt::format("n={} m={} traitors {} strategy {} order {} seed {}",
                     what.generals, what.traitors_max,
                     fmt::join(what.traitors, ","), to_string(what.strategy),
                     to_string(what.commanded), what.seed);
}

} // namespace

TEST_CASE("loyal generals send as many oral messages as are known") {
  struct row {
    std::uint32_t generals;
    std::uint32_t traitors_max;
    std::uint64_t messages;
  };
  for (auto [generals, traitors_max, messages] :
       {row{4, 1, 9}, row{7, 2, 156}, row{10, 3, 3609}}) {
    auto how = run_council(oral(generals, traitors_max), {});
    CHECK(how.messages == messages);
    CHECK(oral_messages(generals, traitors_max) == messages);
    CHECK(how.rounds == traitors_max + 1);
    CHECK(how.holds());
  }
}

TEST_CASE("signed orders of a loyal commander take (n-1)^2 messages") {
  for (std::uint32_t generals : {3, 4, 6})
    for (std::uint32_t traitors_max = 1; traitors_max <= generals - 2;
         ++traitors_max) {
      auto how = run_council(written(generals, traitors_max),
                             make_ed25519_keys(generals, 1));
      CHECK(how.messages == (generals - 1) * (generals - 1));
      CHECK(how.holds());
      CHECK(how.rejected_signatures == 0);
    }
}

TEST_CASE("oral messages withstand every set of traitors and strategy") {
  struct row {
    std::uint32_t generals;
    std::uint32_t traitors_max;
  };
  for (auto [generals, traitors_max] :
       {row{4, 1}, row{5, 1}, row{6, 1}, row{7, 2}, row{8, 2}})
    for (std::uint32_t count = 0; count <= traitors_max; ++count)
      for (const auto& traitors : sets_of(count, generals))
        for (auto how : oral_strategies)
          for (auto commanded : {order::attack, order::retreat}) {
            auto what = oral(generals, traitors_max);
            what.traitors = traitors;
            what.strategy = how;
            what.commanded = commanded;
            what.seed = generals * 100 + count;
            CHECK_MESSAGE(run_council(what, {}).holds(), describe(what));
          }
}

TEST_CASE("three of ten traitors come to nothing") {
  for (auto how : oral_strategies) {
    auto what = oral(10, 3);
    what.traitors = {0, 4, 9};
    what.strategy = how;
    CHECK_MESSAGE(run_council(what, {}).holds(), describe(what));
    what.traitors = {2, 3, 7};
    CHECK_MESSAGE(run_council(what, {}).holds(), describe(what));
  }
}

TEST_CASE("signed messages withstand all but two generals as traitors") {
  for (std::uint32_t generals : {3, 4, 5}) {
    auto keys = make_ed25519_keys(generals, 7);
    for (const auto& traitors : sets_of(generals - 2, generals))
      for (auto how : all_strategies)
        for (auto commanded : {order::attack, order::retreat}) {
          auto what = written(generals, generals - 2);
          what.traitors = traitors;
          what.strategy = how;
          what.commanded = commanded;
          CHECK_MESSAGE(run_council(what, keys).holds(), describe(what));
        }
  }
}

TEST_CASE("forged and replayed signatures are rejected") {
  auto keys = make_ed25519_keys(4, 7);
  auto what = written(4, 1);
  what.strategy = strategy::forge;
  what.traitors = {3};
  auto how = run_council(what, keys);
  CHECK(how.holds());
  // One invented and one replayed, to each of two loyal lieutenants.
  CHECK(how.rejected_signatures == 4);
  what.traitors = {0};
  how = run_council(what, keys);
  CHECK(how.holds());
  CHECK(how.rejected_signatures == 3);
}

TEST_CASE("with one signature round too few colluding traitors win") {
  // Three traitors, and m = 2: the last round shows an order that only
  // traitors have signed.
  auto what = written(5, 2);
  what.traitors = {0, 3, 4};
  what.strategy = strategy::collude;
  CHECK(!run_council(what, make_ed25519_keys(5, 1)).agreement);
  what.traitors_max = 3;
  CHECK(run_council(what, make_ed25519_keys(5, 1)).agreement);
}

TEST_CASE("a run with the same seed comes out the same") {
  auto what = oral(7, 2);
  what.traitors = {0, 5};
  auto one = run_council(what, {});
  auto two = run_council(what, {});
  CHECK(one.decisions == two.decisions);
  CHECK(one.messages == two.messages);
}

TEST_CASE("a search finds how one of three betrays") {
  auto found = search(oral(3, 1), 1'000'000);
  REQUIRE(found);
  CHECK(found->exhaustive);
  REQUIRE(found->found);
  CHECK(!found->found->how.holds());
  // What was found can be shown again.
  auto what = oral(3, 1);
  what.traitors = found->found->traitors;
  what.commanded = found->found->commanded;
  auto again = run_council(what, {}, [&](general_id who) {
    return make_scripted_treason(found->found->lies.at(who));
  });
  CHECK(!again.holds());
}

TEST_CASE("a search of all lies among four finds nothing") {
  auto found = search(oral(4, 1), 1'000'000);
  REQUIRE(found);
  CHECK(found->exhaustive);
  CHECK(!found->found);
  // Two orders; 27 lies of a commander, 9 of each of three lieutenants.
  CHECK(found->runs == 2 * (27 + 3 * 9));
}

TEST_CASE("a search that is too large draws lies at random") {
  auto found = search(oral(7, 2), 500);
  REQUIRE(found);
  CHECK(!found->exhaustive);
  CHECK(!found->found);
  CHECK(found->runs == 500);
  auto broken = search(oral(6, 2), 20'000);
  REQUIRE(broken);
  CHECK(broken->found);
}

TEST_CASE("a search is refused for signed messages and wrong plans") {
  CHECK(search(written(4, 1), 10).error().code == errc::invalid_argument);
  CHECK(search(oral(4, 3), 10).error().code == errc::invalid_argument);
}

TEST_CASE("agreement and obedience are about loyal lieutenants alone") {
  auto what = oral(4, 1);
  outcome how{.decisions = {{0, order::attack},
                            {1, order::retreat},
                            {2, order::attack},
                            {3, order::attack}}};
  what.traitors = {1};
  judge(what, how);
  CHECK(how.agreement);
  CHECK(how.obedience);
  what.traitors = {2};
  judge(what, how);
  CHECK(!how.agreement);
  CHECK(!how.obedience);
  what.traitors = {0};
  judge(what, how);
  CHECK(!how.agreement);
  CHECK(how.obedience);
}

} // namespace weft::byzantine::test
