#include "spaces/barriers.hpp"
#include "tests/unit/spaces/support.hpp"

#include <limits>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

struct barrier_fixture : space_fixture {
  using space_fixture::space_fixture;

  errc arrive(ticket by, const char* participant, std::size_t parties = 2,
              std::optional<reduce_operation> operation = {},
              value contribution = {}) {
    const auto done = core.arrive(
        {by, "b", participant, parties, operation, contribution}, by, 10s, now);
    return done ? errc::none : done.error().code;
  }
};

} // namespace

TEST_CASE("all go on when the last has come, again and again") {
  barrier_fixture space;
  for (std::uint64_t generation = 1; generation <= 3; ++generation) {
    CHECK(space.arrive(1, "p1") == errc::none);
    CHECK(space.effects().empty());
    CHECK(space.arrive(2, "p2") == errc::none);
    const auto number = std::to_string(generation);
    CHECK(space.effects()
          == texts{"1: gathered " + number, "2: gathered " + number});
  }
  space.pass(1min);
  CHECK(space.effects().empty());
}

TEST_CASE("a participant counts once") {
  barrier_fixture space;
  CHECK(space.arrive(1, "p1") == errc::none);
  CHECK(space.arrive(2, "p1") == errc::already_exists);
  CHECK(space.effects().empty());
}

TEST_CASE("who waits too long learns who is missing") {
  barrier_fixture space;
  for (ticket by = 1; by <= 3; ++by)
    space.arrive(by, std::array{"p1", "p2", "p3"}[by - 1], 3);
  space.effects();
  space.arrive(1, "p1", 3);
  space.pass(5s);
  space.arrive(2, "p2", 3);
  space.pass(5s);
  CHECK(space.effects() == texts{"1: 2 of 3, not p3"});
  space.pass(5s);
  CHECK(space.effects() == texts{"2: 1 of 3, not p1, not p3"});
  CHECK(space.core.statistics().waiters == 0);
}

TEST_CASE("without a time-out one waits for nobody") {
  barrier_fixture space;
  REQUIRE(space.core.arrive({1, "b", "p1", 2, {}, {}}, 1, 0s, space.now));
  CHECK(space.effects() == texts{"1: 1 of 2"});
  REQUIRE(space.core.arrive({1, "b", "p1", 1, {}, {}}, 1, 0s, space.now));
  CHECK(space.effects() == texts{"1: gathered 1"});
}

TEST_CASE("a reduction gives all participants one value") {
  barrier_fixture space;
  using enum reduce_operation;
  const auto reduce = [&](reduce_operation operation, value a, value b) {
    CHECK(space.arrive(1, "p1", 2, operation, std::move(a)) == errc::none);
    CHECK(space.arrive(2, "p2", 2, operation, std::move(b)) == errc::none);
    const auto told = space.effects();
    REQUIRE(told.size() == 2);
    return told[0].substr(told[0].find('['));
  };
  CHECK(reduce(sum, 3, 4) == "[7]");
  CHECK(reduce(sum, std::numeric_limits<std::int64_t>::max(), 1)
        == "[-9223372036854775808]");
  CHECK(reduce(min, 3, -4) == "[-4]");
  CHECK(reduce(max, 0.5, 0.25) == "[0.5]");
  CHECK(reduce(max, 0.5, std::numeric_limits<double>::quiet_NaN())
        == "[{\"f64\": \"nan\"}]");
  CHECK(reduce(max, f64_array{0.5, -2}, f64_array{0.25, 3})
        == reduce(sum, f64_array{0.25, 1}, f64_array{0.25, 2}));
  CHECK(reduce(logical_and, true, false) == "[false]");
  CHECK(reduce(logical_or, true, false) == "[true]");
}

TEST_CASE("a sum of doubles does not depend on who comes first") {
  const std::vector<std::pair<const char*, double>> parts{
      {"a", 1e16}, {"b", 1.0}, {"c", -1e16}, {"d", 1.0}};
  texts sums;
  for (std::size_t first = 0; first < parts.size(); ++first) {
    barrier_fixture space;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& [name, number] = parts[(first + i) % parts.size()];
      space.arrive(i, name, 4, reduce_operation::sum, number);
    }
    const auto told = space.effects();
    sums.push_back(told[0].substr(told[0].find('[')));
  }
  CHECK(sums == texts(4, "[1.0]"));
}

TEST_CASE("participants must agree about what they do") {
  barrier_fixture space;
  using enum reduce_operation;
  CHECK(space.arrive(1, "p1", 2, sum, 1) == errc::none);
  CHECK(space.arrive(2, "p2", 3, sum, 1) == errc::invalid_argument);
  CHECK(space.arrive(2, "p2", 2, max, 1) == errc::invalid_argument);
  CHECK(space.arrive(2, "p2", 2, sum, 1.0) == errc::invalid_argument);
  CHECK(space.arrive(2, "p2", 2, sum, f64_array{1}) == errc::invalid_argument);
  CHECK(space.arrive(2, "p2", 2) == errc::invalid_argument);
  CHECK(space.core.arrive({2, "b", "p2", 2, {}, {}}, 2, 10s, space.now)
            .error()
            .message
        == "the barrier b gathers 2 participants with sum of i64; p2 came for "
           "2 with no operation of null");
  CHECK(space.arrive(2, "p2", 2, sum, 1) == errc::none);
}

TEST_CASE("arrays that are reduced have one length") {
  barrier_fixture space;
  using enum reduce_operation;
  CHECK(space.arrive(1, "p1", 2, max, f64_array{1, 2}) == errc::none);
  CHECK(space.arrive(2, "p2", 2, max, f64_array{1, 2, 3})
        == errc::invalid_argument);
  CHECK(space.arrive(2, "p2", 2, max, f64_array{3, 4}) == errc::none);
}

TEST_CASE("arrivals that cannot be are refused") {
  barrier_fixture space;
  using enum reduce_operation;
  CHECK(space.arrive(1, "", 2) == errc::invalid_argument);
  CHECK(space.arrive(1, "p1", 0) == errc::invalid_argument);
  CHECK(space.arrive(1, "p1", parties_max + 1) == errc::invalid_argument);
  CHECK(space.arrive(1, "p1", 2, sum, true) == errc::invalid_argument);
  CHECK(space.arrive(1, "p1", 2, sum, f64_array(reduce_elements_max + 1))
        == errc::invalid_argument);
  CHECK(space.arrive(1, "p1", 2, logical_and, 1) == errc::invalid_argument);
  const std::string name(name_bytes_max + 1, 'x');
  CHECK(space.core.arrive({1, name, "p", 2, {}, {}}, 1, 10s, space.now)
            .error()
            .code
        == errc::invalid_argument);
  CHECK(
      space.core.arrive({1, "b", "p", 2, {}, {}}, 1, 2h, space.now).error().code
      == errc::invalid_argument);
  CHECK(space.arrive(1, "p1") == errc::none);
  CHECK(space.arrive(1, "p2") == errc::already_exists);
}

TEST_CASE("of idle barriers the one idle longest is forgotten") {
  space_fixture space{{.barriers_max = 2}};
  const auto arrive = [&](const char* name, std::size_t parties) {
    const auto done = space.core.arrive({1, name, "p", parties, {}, {}}, 1,
                                        parties == 1 ? 10s : 0s, space.now);
    return done ? space.effects()[0] : to_string(done.error().code).data();
  };
  CHECK(arrive("a", 1) == "1: gathered 1");
  CHECK(arrive("b", 1) == "1: gathered 1");
  CHECK(arrive("a", 1) == "1: gathered 2");
  CHECK(arrive("c", 1) == "1: gathered 1");
  CHECK(arrive("a", 1) == "1: gathered 3");
  CHECK(arrive("b", 1) == "1: gathered 1");
  REQUIRE(space.core.arrive({5, "a", "p", 2, {}, {}}, 1, 10s, space.now));
  REQUIRE(space.core.arrive({6, "b", "p", 2, {}, {}}, 1, 10s, space.now));
  CHECK(arrive("c", 1) == "exhausted");
}

} // namespace weft::spaces
