#include "spaces/routing.hpp"
#include "tests/unit/spaces/support.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

/// Two tuples of different shards among 16, and one of the first's.
const tuple here = tuple_of("a", 1);
const tuple also_here = tuple_of("a", 2);
const tuple there = tuple_of("b", 1);

std::vector<new_tuple> both(const tuple& one, const tuple& other) {
  return {{one, {}}, {other, {}}};
}

call::collect collect_of(std::vector<pattern> patterns) {
  return {std::move(patterns), collect_form::take, {}, {}};
}

} // namespace

TEST_CASE("the routing fields decide about the shard") {
  const routing router{16, {0}};
  const auto shard = router.shard_for(t("[\"a\", 1]"));
  CHECK(router.shard_for(p("[\"a\", _]")) == shard);
  CHECK(router.shard_for(p("[\"a\", ...]")) == shard);
  CHECK(router.shard_for(p("[_, 1]")) == std::nullopt);
  CHECK(router.shard_for(p("[\"a\"*, 1]")) == std::nullopt);
  CHECK(router.shard_for(p("[...]")) == std::nullopt);
  CHECK(router.shard_for(p("[-0.0]")) == router.shard_for(t("[0.0]")));

  const routing both{16, {1, 2}};
  CHECK(both.shard_for(p("[_, 1, 2]")) == both.shard_for(t("[7, 1, 2]")));
  CHECK(both.shard_for(p("[_, 1]")) == both.shard_for(t("[7, 1]")));
  CHECK(both.shard_for(p("[_, 1, ...]")) == std::nullopt);
  CHECK(routing{1, {0}}.shard_for(p("[_]")) == 0u);
}

TEST_CASE("a number says itself which shard it is for") {
  const routing router{4, {1}, routing_rule::number};
  CHECK(router.shard_for(t("[\"halo\", 6]")) == 2);
  CHECK(router.shard_for(t("[\"halo\", -1]")) == 3);
  CHECK(router.shard_for(p("[_, 6, ...]")) == 2u);
  CHECK(router.shard_for(p("[\"halo\", _]")) == std::nullopt);
  // By hash, but tuple and pattern alike.
  CHECK(router.shard_for(t("[1]")) == router.shard_for(p("[1]")));
  CHECK(router.shard_for(t("[1, \"x\"]")) == router.shard_for(p("[_, \"x\"]")));
}

TEST_CASE("what is one step goes to one shard, or is refused") {
  const routing router{16, {0}};
  REQUIRE(router.shard_for(here) != router.shard_for(there));
  const auto shard = router.shard_for(here);

  CHECK(router.target_of(call::write{both(here, also_here)}, {}) == shard);
  const auto spread = router.target_of(call::write{both(here, there)}, {});
  REQUIRE_FALSE(spread);
  CHECK(spread.error().code == errc::unsupported);
  CHECK(spread.error().message.find("routing fields") != std::string::npos);

  const auto a = p("[\"a\", _]");
  const auto b = p("[\"b\", _]");
  CHECK(router.target_of(collect_of({a, a}), {}) == shard);
  CHECK_FALSE(router.target_of(collect_of({a, b}), {}));
  CHECK_FALSE(router.target_of(collect_of({a, p("[_, _]")}), {}));
  CHECK(router.target_of(call::swap{a, {also_here, {}}, {}}, {}) == shard);
  CHECK_FALSE(router.target_of(call::swap{a, {there, {}}, {}}, {}));
  CHECK_FALSE(router.target_of(call::swap{p("[...]"), {here, {}}, {}}, {}));
  CHECK_FALSE(router.target_of(call::take_all{p("[...]"), 9, 1s}, {}));
  CHECK(router.target_of(call::confirm{1, {{here, {}}}}, shard) == shard);
  CHECK_FALSE(router.target_of(call::confirm{1, {{there, {}}}}, shard));
}

TEST_CASE("what may be anywhere goes to all shards") {
  const routing router{16, {0}};
  for (const any_call& call :
       {any_call{call::take{p("[_, 1]"), 1s, {}}}, any_call{call::statistics{}},
        any_call{call::clear{}}, any_call{call::count{p("[...]")}}}) {
    const auto target = router.target_of(call, {});
    REQUIRE(target);
    CHECK_FALSE(*target);
    CHECK(routing(1, {0}).target_of(call, {}) == 0u);
  }
}

TEST_CASE("what is named by id or claim needs a shard that exists") {
  const routing router{4, {0}};
  CHECK(router.target_of(call::release{1}, 3) == 3u);
  CHECK_FALSE(router.target_of(call::release{1}, 4));
  CHECK_FALSE(router.target_of(call::release{1}, {}));
  CHECK(router.target_of(call::list{}, 2) == 2u);
  CHECK_FALSE(router.target_of(call::carry{p("[\"a\"]"), 1, 1s}, {}));
  CHECK_FALSE(router.target_of(call::interest{p("[_]"), 1s, {}}, {}));
}

} // namespace weft::spaces
