#include "tests/support/checkers/history.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

TEST_CASE("operations are told in words") {
  auto what = of({wrote({1, 2}, {1, 2}), took({3, 4}, 1),
                  read({5, 6}, std::nullopt, only(255)),
                  unknown(took({7, 8}, 2)), failed(wrote({9, 10}, {3})),
                  claimed({11, 12}, 2, 7), confirmed({13, 14}, 7, {4})});
  CHECK(describe(what, 0) == "#0 client 1 wrote tuples 1, 2 (1..2)");
  CHECK(describe(what, 1) == "#1 client 1 took tuple 1 (3..4)");
  CHECK(describe(what, 2)
        == "#2 client 1 read nothing for fields ff under ffffffffffffffff "
           "(5..6)");
  CHECK(describe(what, 3)
        == "#3 client 1 may have come to take any tuple (7..)");
  CHECK(describe(what, 4) == "#4 client 1 failed to write tuple 3 (9..)");
  CHECK(describe(what, 5) == "#5 client 1 claimed tuple 2 (claim 7) (11..12)");
  CHECK(describe(what, 6)
        == "#6 client 1 confirmed claim 7 and wrote tuple 4 (13..14)");
  CHECK(end_of(what) == 14);
  CHECK(malformed(what).empty());
}

TEST_CASE("a history that contradicts itself is malformed") {
  auto wrong = [](std::vector<operation> operations) {
    return malformed(of(std::move(operations))).size();
  };
  auto claim = claimed({3, 4}, 1, 1);
  CHECK(wrong({wrote({2, 1}, {1})}) == 1);
  CHECK(wrong({wrote({1, forever}, {1})}) == 1);
  CHECK(wrong({wrote({1, 2}, std::initializer_list<tuple_id>{})}) == 1);
  CHECK(wrong({answered(verb::write, {1, 2}, 1)}) == 1);
  CHECK(wrong({claimed({1, 2}, 1, 0)}) == 1);
  CHECK(wrong({claim, claim}) == 1);
  CHECK(wrong({confirmed({5, 6}, 1)}) == 1);
  CHECK(wrong({unknown(claim), confirmed({5, 6}, 1)}) == 1);
  CHECK(wrong({claim, confirmed({3, 6}, 1)}) == 1);
  CHECK(wrong({claim, confirmed({4, 6}, 1)}) == 0);
}

TEST_CASE("patterns look at the fields under their mask") {
  tuple what{.id = 1, .fields = 0x0201};
  CHECK(pattern{}.matches(what));
  CHECK(pattern{.mask = 0xff, .bits = 0x01}.matches(what));
  CHECK_FALSE(pattern{.mask = 0xff00, .bits = 0x0100}.matches(what));
}

TEST_CASE("times that would pass the end of time stay there") {
  CHECK(later(1, 2) == 3);
  CHECK(later(1, forever) == forever);
  CHECK(later(forever - 1, 2) == forever);
}

} // namespace weft::checkers::test
