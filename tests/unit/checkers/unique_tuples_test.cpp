#include "tests/support/checkers/unique_tuples.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

namespace {

std::vector<fault> faults(const history& what) {
  std::vector<fault> all;
  for (const auto& each : check_unique_tuples(what)) {
    CHECK_FALSE(each.why.empty());
    all.push_back(each.what);
  }
  return all;
}

using only_fault = std::vector<fault>;

const only_fault no_fault;

} // namespace

TEST_CASE("a history of writes, reads and takes has no fault") {
  CHECK(faults(of({wrote({1, 2}, {1, 2}), read({1, 3}, 1), took({2, 5}, 1),
                   took({3, 6}, std::nullopt), swapped({7, 8}, 2, 3)},
                  {3}))
        == no_fault);
}

TEST_CASE("a tuple comes from a write that did not fail and was not later") {
  CHECK(faults(of({read({1, 2}, 9)})) == only_fault{fault::from_nowhere});
  CHECK(faults(of({wrote({1, 2}, {1})}, {1, 9}))
        == only_fault{fault::from_nowhere});
  CHECK(faults(of({failed(wrote({1, 2}, {1})), read({3, 4}, 1)}))
        == only_fault{fault::from_nowhere});
  CHECK(faults(of({read({1, 2}, 1), wrote({3, 4}, {1})}))
        == only_fault{fault::from_nowhere});
  CHECK(faults(of({unknown(wrote({1, 2}, {1})), read({30, 40}, 1)}))
        == no_fault);
}

TEST_CASE("a tuple is removed once and there once") {
  CHECK(faults(of({wrote({1, 2}, {1}), took({3, 6}, 1), took({4, 7}, 1)}))
        == only_fault{fault::twice});
  CHECK(faults(of({wrote({1, 2}, {1}), took({3, 6}, 1), swapped({4, 7}, 1, 2)}))
        == only_fault{fault::twice});
  CHECK(faults(of({wrote({1, 2}, {1})}, {1, 1})) == only_fault{fault::twice});
}

TEST_CASE("a tuple is not seen after its removal was acknowledged") {
  CHECK(faults(of({wrote({1, 2}, {1}), took({3, 6}, 1), read({7, 8}, 1)}))
        == only_fault{fault::after_removal});
  CHECK(faults(of({wrote({1, 2}, {1}), took({3, 6}, 1), read({6, 8}, 1)}))
        == no_fault);
  CHECK(faults(of({wrote({1, 2}, {1}), took({3, 6}, 1)}, {1}))
        == only_fault{fault::after_removal});
}

TEST_CASE("a tuple is not seen after its lease, give or take the slack") {
  auto what = of({wrote({1, 3}, leased(1, 10)), read({14, 15}, 1)});
  CHECK(faults(what) == only_fault{fault::after_lease});
  what.slack = 1;
  CHECK(faults(what) == no_fault);
  CHECK(faults(of({wrote({1, 3}, leased(1, 10)), read({14, 15}, std::nullopt)},
                  {1}))
        == only_fault{fault::after_lease});
}

TEST_CASE("an acknowledged tuple that nobody removed is there at the end") {
  CHECK(faults(of({wrote({1, 2}, {1})}, {})) == only_fault{fault::lost});
  CHECK(faults(of({wrote({1, 2}, {1})})) == no_fault);
  CHECK(faults(of({unknown(wrote({1, 2}, {1}))}, {})) == no_fault);
  CHECK(faults(of({wrote({1, 2}, leased(1, 10)), read({12, 13}, std::nullopt)},
                  {}))
        == no_fault);
  CHECK(faults(of({wrote({1, 2}, leased(1, 50)), read({12, 13}, std::nullopt)},
                  {}))
        == only_fault{fault::lost});
}

TEST_CASE("what was seen of an unknown batch vouches for the rest") {
  auto batch = unknown(wrote({1, 2}, {1, 2}));
  CHECK(faults(of({batch, took({3, 4}, 1)}, {2})) == no_fault);
  CHECK(faults(of({batch, took({3, 4}, 1)}, {})) == only_fault{fault::lost});
}

TEST_CASE("each unknown take explains one missing tuple that it matches") {
  auto writes = wrote({1, 2}, {1, 2});
  auto any = unknown(took({3, 4}, 1));
  auto first = unknown(took({3, 4}, 1, only(1)));
  CHECK(faults(of({writes, any}, {1, 2})) == no_fault);
  CHECK(faults(of({writes, any}, {1})) == no_fault);
  CHECK(faults(of({writes, any}, {})) == only_fault{fault::lost});
  CHECK(faults(of({writes, first}, {1})) == only_fault{fault::lost});
  CHECK(faults(of({writes, any, first}, {})) == no_fault);
  CHECK(faults(of({writes, first, any}, {})) == no_fault);
  CHECK(faults(of({writes, first, first}, {})) == only_fault{fault::lost});
}

TEST_CASE("two claims of one tuple do not overlap for certain") {
  auto write = wrote({1, 2}, {1});
  auto claim = claimed({3, 4}, 1, 1, 10);
  auto second = [](interval when) { return by(2, claimed(when, 1, 2, 10)); };
  CHECK(faults(of({write, claim, second({5, 12})}))
        == only_fault{fault::while_claimed});
  CHECK(faults(of({write, claim, second({5, 13})})) == no_fault);
  CHECK(faults(of({write, claim, released({5, 6}, 1), second({5, 6})}))
        == no_fault);
  auto died = of({write, claim, second({5, 6})});
  died.deaths = {{.client = 1, .at = 5}};
  CHECK(faults(died) == no_fault);
}

TEST_CASE("a claimed tuple is neither read nor taken") {
  auto write = wrote({1, 2}, {1});
  auto claim = claimed({3, 4}, 1, 1, 10);
  CHECK(faults(of({write, claim, read({5, 6}, 1)}))
        == only_fault{fault::while_claimed});
  CHECK(faults(of({write, claim, took({3, 6}, 1)}))
        == only_fault{fault::while_claimed});
  CHECK(faults(of({write, claim, read({3, 6}, 1), took({7, 13}, 1)}))
        == no_fault);
}

TEST_CASE("a claim is confirmed while it holds, once") {
  auto write = wrote({1, 2}, {1});
  auto claim = claimed({3, 4}, 1, 1, 10);
  CHECK(faults(of({write, claim, confirmed({14, 15}, 1, {2})}, {2}))
        == no_fault);
  CHECK(faults(of({write, claim, confirmed({15, 16}, 1, {2})}, {2}))
        == only_fault{fault::claim_outlived});
  CHECK(faults(of({write, claim, confirmed({5, 6}, 1, {2})}, {1, 2}))
        == only_fault{fault::after_removal});
  CHECK(faults(of({write, claim, confirmed({5, 6}, 1, {2})}, {}))
        == only_fault{fault::lost});
  CHECK(faults(of({write, claim, confirmed({5, 6}, 1), took({20, 21}, 1)}))
        == only_fault{fault::twice, fault::after_removal});
}

TEST_CASE("an unknown confirm removes its tuple and writes, or neither") {
  auto write = wrote({1, 2}, {1});
  auto claim = claimed({3, 4}, 1, 1);
  auto confirm = unknown(confirmed({5, 6}, 1, {2}));
  CHECK(faults(of({write, claim, confirm}, {1})) == no_fault);
  CHECK(faults(of({write, claim, confirm}, {2})) == no_fault);
  CHECK(faults(of({write, claim, confirm}, {1, 2}))
        == only_fault{fault::after_removal});
  CHECK(faults(of({write, claim, confirm}, {})) == only_fault{fault::lost});
  CHECK(
      faults(of({write, claim, confirm, unknown(took({7, 8}, 1, only(2)))}, {}))
      == no_fault);
}

TEST_CASE("a hundred thousand tuples are checked") {
  std::vector<operation> all;
  for (tick id = 1; id <= 100'000; ++id) {
    all.push_back(wrote({10 * id, 10 * id + 6}, {id}));
    all.push_back(by(2, took({10 * id + 5, 10 * id + 9}, id)));
  }
  all.pop_back();
  CHECK(faults(of(all, {})) == only_fault{fault::lost});
  CHECK(faults(of(all, {100'000})) == no_fault);
}

} // namespace weft::checkers::test
