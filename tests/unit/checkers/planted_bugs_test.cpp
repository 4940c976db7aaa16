#include "tests/support/checkers/linearizability.hpp"
#include "tests/support/checkers/model_space.hpp"
#include "tests/support/checkers/unique_tuples.hpp"
#include "tests/support/sanitized.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace weft::checkers::test {

namespace {

/// Within how many seeds, from 1, each checker finds a bug; 0 if it cannot.
struct expectation {
  bug planted = bug::none;
  std::uint64_t by_order = 0;
  std::uint64_t by_tuple = 0;
};

constexpr expectation expectations[] = {
    {bug::lost_hand_off, 10, 10},        {bug::double_hand_off, 150, 150},
    {bug::late_offer, 10, 10},           {bug::newest_first, 10, 0},
    {bug::empty_while_present, 10, 0},   {bug::write_retried_twice, 10, 10},
    {bug::take_retried_twice, 10, 10},   {bug::tuple_from_nowhere, 10, 10},
    {bug::read_of_taken, 10, 10},        {bug::take_stays, 10, 10},
    {bug::half_batch, 10, 10},           {bug::torn_batch, 10, 100},
    {bug::refused_write_stored, 10, 10}, {bug::swap_loses_write, 10, 10},
    {bug::lease_resurrected, 10, 10},    {bug::double_claim, 10, 10},
    {bug::read_while_claimed, 10, 10},   {bug::confirm_after_end, 20, 20},
    {bug::confirm_keeps_tuple, 10, 10},  {bug::confirm_loses_writes, 10, 10},
    {bug::put_back_last, 10, 0},         {bug::claim_end_drops, 10, 10},
    {bug::claim_never_ends, 10, 50},
};

bool out_of_order(const history& what) {
  return check_linearizable(what).answer == verdict::violated;
}

bool at_fault(const history& what) {
  return !check_unique_tuples(what).empty();
}

/// The first seed up to `last` whose history a checker refuses, or 0.
std::uint64_t first_seed(bug planted, std::uint64_t last,
                         bool (*refuses)(const history&)) {
  for (std::uint64_t seed = 1; seed <= last; ++seed)
    if (refuses(run_model(seed, {.planted = planted})))
      return seed;
  return 0;
}

} // namespace

TEST_CASE("the correct model passes the order checker for every seed") {
  for (std::uint64_t seed = 1; seed <= weft::test::fewer_if_sanitized(2000);
       ++seed) {
    auto how = check_linearizable(run_model(seed));
    CHECK_MESSAGE(how.answer == verdict::linearizable, "seed ", seed, ": ",
                  how.why);
  }
}

TEST_CASE("the correct model passes the tuple checker for every seed") {
  for (std::uint64_t seed = 1; seed <= weft::test::fewer_if_sanitized(20'000);
       ++seed)
    for (const auto& each : check_unique_tuples(run_model(seed)))
      FAIL_CHECK("seed ", seed, ": ", each.why);
}

TEST_CASE("every planted bug has its expectation, and each checker finds "
          "ten") {
  CHECK(std::size(expectations) == all_bugs().size());
  for (auto planted : all_bugs())
    CHECK(std::ranges::count(expectations, planted, &expectation::planted)
          == 1);
  CHECK(std::ranges::count_if(
            expectations, [](const auto& each) { return each.by_order > 0; })
        == 23);
  CHECK(std::ranges::count_if(
            expectations, [](const auto& each) { return each.by_tuple > 0; })
        == 20);
}

TEST_CASE("the order checker finds each planted bug within its seeds") {
  for (const auto& each : expectations) {
    auto seed = first_seed(each.planted, each.by_order, out_of_order);
    CHECK_MESSAGE(seed > 0, to_string(each.planted));
    MESSAGE(to_string(each.planted), ": seed ", seed);
  }
}

TEST_CASE("the tuple checker finds each bug that it can see within its "
          "seeds") {
  for (const auto& each : expectations) {
    if (each.by_tuple == 0)
      continue;
    auto seed = first_seed(each.planted, each.by_tuple, at_fault);
    CHECK_MESSAGE(seed > 0, to_string(each.planted));
    MESSAGE(to_string(each.planted), ": seed ", seed);
  }
}

TEST_CASE("the tuple checker blames nobody for the order alone") {
  for (const auto& each : expectations)
    if (each.by_tuple == 0)
      CHECK_MESSAGE(first_seed(each.planted, 500, at_fault) == 0,
                    to_string(each.planted));
}

} // namespace weft::checkers::test
