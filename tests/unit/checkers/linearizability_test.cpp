#include "tests/support/checkers/linearizability.hpp"
#include "tests/support/checkers/model_space.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

namespace {

bool can_be_ordered(const history& what) {
  auto how = check_linearizable(what);
  INFO(how.why);
  CHECK(how.answer != verdict::undecided);
  return how.answer == verdict::linearizable;
}

bool can_be_ordered(std::vector<operation> operations) {
  return can_be_ordered(of(std::move(operations)));
}

bool can_be_ordered(std::vector<operation> operations,
                    std::vector<tuple_id> remaining) {
  return can_be_ordered(of(std::move(operations), std::move(remaining)));
}

const std::vector<operation> two_writes = {wrote({1, 2}, {1}),
                                           wrote({3, 4}, {2})};

std::vector<operation> after_two_writes(std::vector<operation> more) {
  auto all = two_writes;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace

TEST_CASE("an empty history can be ordered") {
  CHECK(can_be_ordered(std::vector<operation>{}));
  CHECK(can_be_ordered(std::vector<operation>{}, {}));
}

TEST_CASE("takes that overlap may be ordered either way") {
  CHECK(
      can_be_ordered(after_two_writes({took({10, 20}, 2), took({12, 18}, 1)})));
  CHECK(
      can_be_ordered(after_two_writes({took({10, 20}, 1), took({12, 18}, 2)})));
}

TEST_CASE("a take of the newer tuple first is told with its reason") {
  auto how = check_linearizable(of(after_two_writes(
      {took({5, 6}, 2), took({7, 8}, 1), read({9, 10}, std::nullopt)})));
  CHECK(how.answer == verdict::violated);
  CHECK(how.prefix == std::vector<std::size_t>{0, 1, 2});
  CHECK(how.blocked == std::vector<std::size_t>{2});
  CHECK(how.why
        == "no order explains what happened up to 6; the best one ends with\n"
           "  #0 client 1 wrote tuple 1 (1..2)\n"
           "  #1 client 1 wrote tuple 2 (3..4)\n"
           "then the space holds 1, 2\n"
           "  #2 client 1 took tuple 2 (5..6): the oldest that matches is "
           "then tuple 1\n");
}

TEST_CASE("first in, first out holds among what matches one pattern") {
  CHECK(can_be_ordered(after_two_writes({took({5, 6}, 2, only(2))})));
  CHECK_FALSE(can_be_ordered(after_two_writes({took({5, 6}, 2)})));
}

TEST_CASE("tuples of different shards have no order") {
  tuple elsewhere{.id = 2, .fields = 2, .shard = 1};
  CHECK(can_be_ordered(
      {wrote({1, 2}, {1}), wrote({3, 4}, elsewhere), took({5, 6}, 2)}));
}

TEST_CASE("an empty answer needs a moment in which nothing matched") {
  CHECK_FALSE(can_be_ordered(after_two_writes({read({5, 6}, std::nullopt)})));
  CHECK(can_be_ordered(after_two_writes(
      {read({2, 6}, std::nullopt, only(2)), read({5, 6}, 1)})));
  CHECK(
      can_be_ordered(after_two_writes({took({5, 6}, std::nullopt, only(3))})));
}

TEST_CASE("a taken tuple is neither read nor taken again") {
  CHECK_FALSE(
      can_be_ordered({wrote({1, 2}, {1}), took({3, 4}, 1), read({5, 6}, 1)}));
  CHECK_FALSE(
      can_be_ordered({wrote({1, 2}, {1}), took({3, 7}, 1), took({4, 6}, 1)}));
  CHECK(can_be_ordered({wrote({1, 2}, {1}), took({3, 7}, 1), read({4, 6}, 1)}));
}

TEST_CASE("equal tuples are taken as often as they were written") {
  CHECK(can_be_ordered({wrote({1, 2}, {7}), wrote({3, 4}, {7}), took({5, 6}, 7),
                        took({7, 8}, 7)}));
  CHECK_FALSE(
      can_be_ordered({wrote({1, 2}, {7}), wrote({3, 4}, {7}), took({5, 6}, 7),
                      took({7, 8}, 7), took({9, 10}, 7)}));
}

TEST_CASE("a tuple from nowhere, or of a write that failed, is refused") {
  CHECK_FALSE(can_be_ordered({read({1, 2}, 9)}));
  CHECK_FALSE(can_be_ordered({failed(wrote({1, 2}, {1})), read({3, 4}, 1)}));
  CHECK_FALSE(can_be_ordered({read({1, 2}, 1), wrote({3, 4}, {1})}));
}

TEST_CASE("an unknown write happens late or never, but is not undone") {
  auto write = unknown(wrote({1, 2}, {1}));
  CHECK(can_be_ordered({write, read({10, 11}, std::nullopt)}));
  CHECK(
      can_be_ordered({write, read({10, 11}, std::nullopt), read({20, 21}, 1)}));
  CHECK_FALSE(
      can_be_ordered({write, read({10, 11}, 1), read({20, 21}, std::nullopt)}));
}

TEST_CASE("an unknown take explains one missing tuple that it matches") {
  auto take = unknown(took({5, 6}, 1));
  CHECK(can_be_ordered(after_two_writes({take}), {1, 2}));
  CHECK(can_be_ordered(after_two_writes({take}), {2}));
  CHECK_FALSE(can_be_ordered(after_two_writes({take}), {1}));
  CHECK_FALSE(can_be_ordered(after_two_writes({take}), {}));
}

TEST_CASE("all of a batch is there or nothing") {
  auto batch = wrote({1, 20}, {1, 2});
  CHECK(can_be_ordered(
      {batch, read({2, 3}, std::nullopt, only(1)), read({4, 5}, 2, only(2))}));
  CHECK_FALSE(can_be_ordered(
      {batch, read({2, 3}, 2, only(2)), read({4, 5}, std::nullopt, only(1))}));
  CHECK_FALSE(can_be_ordered({unknown(batch)}, {1}));
}

TEST_CASE("a swap takes and writes in one moment") {
  CHECK(can_be_ordered({wrote({1, 2}, {1}), swapped({3, 9}, 1, 2)}, {2}));
  CHECK_FALSE(can_be_ordered({wrote({1, 2}, {1}), swapped({3, 9}, 1, 2)}, {}));
  CHECK_FALSE(can_be_ordered(
      {wrote({1, 2}, {1}), swapped({3, 9}, 1, 2), read({4, 5}, std::nullopt)}));
  CHECK(can_be_ordered({swapped({3, 9}, std::nullopt, 2)}, {}));
}

TEST_CASE("a claimed tuple is hidden until its release, then in its old "
          "place") {
  auto claim = claimed({5, 6}, 1, 1);
  CHECK(can_be_ordered(after_two_writes(
      {claim, read({7, 8}, 2), released({9, 10}, 1), took({11, 12}, 1)})));
  CHECK_FALSE(can_be_ordered(after_two_writes({claim, read({7, 8}, 1)})));
  CHECK_FALSE(can_be_ordered(
      after_two_writes({claim, released({9, 10}, 1), took({11, 12}, 2)})));
}

TEST_CASE("a confirmed tuple is gone, and its results are there") {
  auto claim = claimed({5, 6}, 1, 1);
  CHECK(can_be_ordered(after_two_writes({claim, confirmed({7, 8}, 1, {3})}),
                       {2, 3}));
  CHECK_FALSE(can_be_ordered(
      after_two_writes({claim, confirmed({7, 8}, 1, {3})}), {1, 2, 3}));
  CHECK_FALSE(can_be_ordered(
      after_two_writes({claim, confirmed({7, 8}, 1, {3})}), {2}));
}

TEST_CASE("a claim ends with its lease, not before and not after") {
  auto claim = claimed({5, 6}, 1, 1, 10);
  auto read_at = [&](tick when, tuple_id answer) {
    return can_be_ordered(
        after_two_writes({claim, by(2, read({when, when}, answer))}));
  };
  CHECK(read_at(14, 2));
  CHECK_FALSE(read_at(14, 1));
  CHECK(read_at(15, 1));
  CHECK(read_at(16, 2));
  CHECK_FALSE(read_at(17, 2));
  CHECK_FALSE(can_be_ordered(after_two_writes(
      {claim, by(2, read({17, 17}, 1)), confirmed({18, 19}, 1)})));
}

TEST_CASE("a claim may end when its claimer has died") {
  auto what = of(after_two_writes(
      {by(3, claimed({5, 6}, 1, 1, 100)), by(2, read({20, 21}, 1))}));
  CHECK_FALSE(can_be_ordered(what));
  what.deaths = {{.client = 3, .at = 15}};
  CHECK(can_be_ordered(what));
  what.deaths = {{.client = 3, .at = 25}};
  CHECK_FALSE(can_be_ordered(what));
}

TEST_CASE("a leased tuple is there before its end and gone after it") {
  auto read_at = [](tick when, std::optional<tuple_id> answer, tick slack = 0) {
    auto what = of({wrote({1, 3}, leased(1, 10)), read({when, when}, answer)});
    what.slack = slack;
    return can_be_ordered(what);
  };
  CHECK(read_at(10, 1));
  CHECK_FALSE(read_at(10, std::nullopt));
  CHECK(read_at(12, 1));
  CHECK(read_at(12, std::nullopt));
  CHECK(read_at(14, std::nullopt));
  CHECK_FALSE(read_at(14, 1));
  CHECK(read_at(14, 1, 5));
}

TEST_CASE("a search that meets its limit is undecided") {
  std::vector<operation> writes;
  for (tuple_id id = 1; id <= 12; ++id)
    writes.push_back(wrote({1, 100}, {id}));
  writes.push_back(took({101, 102}, 99));
  auto how = check_linearizable(of(writes), {.states_max = 1000});
  CHECK(how.answer == verdict::undecided);
  CHECK(how.states <= 1000);
  CHECK(how.why.empty());
}

TEST_CASE("a long history of few clients takes a state for each operation") {
  std::vector<operation> all;
  for (tick id = 1; id <= 2000; ++id) {
    all.push_back(wrote({10 * id, 10 * id + 6}, {id}));
    all.push_back(by(2, took({10 * id + 5, 10 * id + 9}, id)));
  }
  auto how = check_linearizable(of(all, {}), {.infer = false});
  CHECK(how.answer == verdict::linearizable);
  CHECK(how.states <= all.size() + 1);
}

TEST_CASE("what is inferred about writes changes no answer") {
  for (auto planted : all_bugs())
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      auto what =
          run_model(seed, {.planted = planted, .clients = 3, .operations = 14});
      auto plain = check_linearizable(what, {.infer = false});
      CAPTURE(to_string(planted));
      CAPTURE(seed);
      CHECK(plain.answer != verdict::undecided);
      CHECK(check_linearizable(what).answer == plain.answer);
    }
}

} // namespace weft::checkers::test
