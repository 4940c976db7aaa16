#include "spaces/space_core.hpp"
#include "tests/unit/spaces/support.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

TEST_CASE("a claimed tuple is hidden until it is confirmed with its results") {
  space_fixture space;
  space.write("[\"job\", 1]");
  const auto claim = space.claim("[\"job\", _]", 1, 5s);
  CHECK(space.all().empty());
  const auto done =
      space.core.confirm(claim, 1, {{t("[\"result\", 1]"), {}}}, space.now);
  REQUIRE(done);
  CHECK(done->size() == 1);
  CHECK(space.all() == texts{"[\"result\", 1]"});
  space.pass(10s);
  CHECK(space.all() == texts{"[\"result\", 1]"});
  CHECK(space.core.confirm(claim, 1, {}, space.now).error().message
        == "the claim 1 has ended, or is another client's");
}

TEST_CASE("a released tuple is in its old place again") {
  space_fixture space;
  for (int i = 1; i <= 5; ++i)
    space.write("[" + std::to_string(i) + "]");
  std::vector<claim_id> claims;
  for (int i = 0; i < 4; ++i)
    claims.push_back(space.claim("[_]", 1, 5s));
  CHECK(space.all() == texts{"[5]"});
  CHECK(space.core.release(claims[2], 1, space.now));
  CHECK(space.core.release(claims[0], 1, space.now));
  CHECK(space.core.release(claims[3], 1, space.now));
  CHECK(space.core.release(claims[1], 1, space.now));
  CHECK(space.all() == texts{"[1]", "[2]", "[3]", "[4]", "[5]"});
}

TEST_CASE("a claim that ends puts back, its death too, and wakes who waits") {
  space_fixture space;
  space.write("[1]");
  space.write("[2]");
  space.claim("[_]", 1, 5s);
  space.claim("[_]", 2, 60s);
  space.take("[_]", waiting(7, 3, 1min));
  space.pass(5s);
  CHECK(space.effects() == texts{"7: [1]"});
  space.take("[_]", waiting(8, 3));
  space.core.drop_client(2, space.now);
  CHECK(space.effects() == texts{"8: [2]"});
}

TEST_CASE("a claim is renewed by its own client only") {
  space_fixture space;
  space.write("[1]");
  const auto claim = space.claim("[_]", 1, 5s);
  CHECK_FALSE(space.core.renew_claim(claim, 2, 5s, space.now));
  CHECK_FALSE(space.core.release(claim, 2, space.now));
  CHECK_FALSE(space.core.confirm(claim, 2, {}, space.now));
  CHECK_FALSE(space.core.renew_claim(claim, 1, 0s, space.now));
  space.pass(4s);
  CHECK(space.core.renew_claim(claim, 1, 5s, space.now));
  space.pass(4s);
  CHECK(space.all().empty());
  space.pass(1s);
  CHECK(space.all() == texts{"[1]"});
}

TEST_CASE("a confirm with wrong writes leaves the claim as it is") {
  space_fixture space;
  space.write("[1]");
  const auto claim = space.claim("[_]", 1, 5s);
  CHECK_FALSE(space.core.confirm(claim, 1, {{t("[2]"), -1s}}, space.now));
  CHECK(space.all().empty());
  CHECK(space.core.release(claim, 1, space.now));
  CHECK(space.all() == texts{"[1]"});
}

TEST_CASE("a lease that ends during a claim ends the tuple if it comes back") {
  space_fixture space;
  space.write("[1]", 5s);
  space.write("[2]", 5s);
  const auto first = space.claim("[1]", 1, 10s);
  const auto second = space.claim("[2]", 1, 10s);
  space.pass(6s);
  CHECK(space.core.release(first, 1, space.now));
  CHECK(space.all().empty());
  CHECK(space.core.statistics().expired == 1);
  CHECK(space.core.confirm(second, 1, {}, space.now));
  CHECK(space.core.statistics().taken == 1);
}

TEST_CASE("a lease that ended during a claim cannot be renewed") {
  space_fixture space;
  const auto id = space.write("[1]", 5s);
  const auto claim = space.claim("[1]", 1, 10s);
  CHECK(space.core.renew(id, 5s, space.now));
  space.pass(6s);
  CHECK(space.core.renew(id, 5s, space.now).error().code == errc::not_found);
  CHECK(space.core.renew(id, {}, space.now).error().code == errc::not_found);
  CHECK(space.core.release(claim, 1, space.now));
  CHECK(space.all().empty());
}

TEST_CASE("claim_all hides many tuples under one claim") {
  space_fixture space;
  for (int i = 1; i <= 5; ++i)
    space.write("[" + std::to_string(i) + "]");
  const auto got = space.core.claim_all(p("[_]"), 3, 1, 5s, space.now);
  REQUIRE(got);
  CHECK(got->tuples.size() == 3);
  CHECK(space.all() == texts{"[4]", "[5]"});
  CHECK(space.core.claim_all(p("[9]"), 3, 1, 5s, space.now)->claim == 0);
  CHECK(space.core.confirm(got->claim, 1, {}, space.now));
  CHECK(space.core.statistics().claims == 0);
  CHECK(space.core.statistics().index.tuples == 2);
}

TEST_CASE("the death of a client releases all that it holds") {
  space_fixture space;
  space.write("[1]");
  space.claim("[1]", 1, 60s);
  space.take("[2]", waiting(1, 1));
  REQUIRE(space.core.watch(2, 1, p("[_]"), {}));
  REQUIRE(space.core.arrive({3, "b", "p1", 2, {}, {}}, 1, 60s, space.now));
  space.core.drop_client(1, space.now);
  CHECK(space.all() == texts{"[1]"});
  space.write("[2]");
  CHECK(space.all() == texts{"[1]", "[2]"});
  // The barrier does not count it any more.
  REQUIRE(space.core.arrive({4, "b", "p2", 2, {}, {}}, 2, 60s, space.now));
  CHECK(space.effects().empty());
  const auto counts = space.core.statistics();
  CHECK(counts.claims == 0);
  CHECK(counts.watches == 0);
  CHECK(counts.waiters == 1);
  space.core.drop_client(77, space.now);
}

} // namespace weft::spaces
