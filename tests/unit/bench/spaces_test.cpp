#include "actors/space/local_space.hpp"
#include "apps/bench/bench_system.hpp"
#include "apps/bench/heat/heat_runs.hpp"
#include "apps/bench/spaces/core_runs.hpp"
#include "apps/bench/spaces/hand_off.hpp"
#include "apps/bench/spaces/handle_runs.hpp"
#include "apps/bench/spaces/pipeline.hpp"
#include "apps/bench/subject.hpp"
#include "spaces/text.hpp"

#include <doctest/doctest.h>

namespace weft::bench {

namespace {

run_settings smoke(const experiment& of) {
  return {.size = {of.smoke_count, true}, .port = 0, .proof = {}};
}

} // namespace

TEST_CASE("every experiment with the core of a space yields a rate") {
  for (const auto& each : spaces_subject().experiments) {
    if (each.measure != run_core)
      continue;
    CAPTURE(each.name);
    const auto numbers = run_core(each, smoke(each));
    REQUIRE_MESSAGE(numbers, numbers.error().message);
    REQUIRE(numbers->size() == 1);
    CHECK(numbers->front() > 1000);
  }
}

TEST_CASE("a handle yields two times and a rate") {
  const auto& handle = *find_experiment("handle");
  const auto numbers = run_handle(handle, smoke(handle));
  REQUIRE_MESSAGE(numbers, numbers.error().message);
  REQUIRE(numbers->size() == 3);
  for (const auto number : *numbers)
    CHECK(number > 0);
}

TEST_CASE("a pipeline ends when enough is answered, and leaves nothing") {
  bench_config config;
  caf::actor_system system{config};
  const auto where = start_local_space(system, {});
  const auto rate = measure_pipeline(system, where, 10'000);
  REQUIRE_MESSAGE(rate, rate.error().message);
  CHECK(*rate > 100);
  const auto left = where.count(*spaces::parse_pattern("[...]"));
  REQUIRE(left);
  CHECK(*left == 0);
}

TEST_CASE("a pipeline fails with the first call that fails") {
  bench_config config;
  caf::actor_system system{config};
  const auto where = start_local_space(system, {.limits = {.tuples_max = 10}});
  const auto rate = measure_pipeline(system, where, 10'000);
  REQUIRE_FALSE(rate);
  CHECK(rate.error().code == errc::exhausted);
}

TEST_CASE("tuples are handed over between threads") {
  bench_config config;
  caf::actor_system system{config};
  const auto port = port_of(start_local_space(system, {}));
  const auto time = measure_hand_offs(port, port, 50);
  REQUIRE_MESSAGE(time, time.error().message);
  CHECK(*time > 0.05);
}

TEST_CASE("a number that was not given fails a hand-off") {
  const hand_off_port liar{
      [](const char*, std::int64_t) { return result<void>{}; },
      [](const char*) { return result<std::int64_t>{-1}; }};
  const auto time = measure_hand_offs(liar, liar, 50);
  REQUIRE_FALSE(time);
  CHECK(time.error().code == errc::internal);
  CHECK(time.error().message == "expected the number 0, got -1");
}

TEST_CASE("heat yields a rate, and a result that no halo depth changes") {
  const auto& plain = *find_experiment("heat_256");
  const auto& deep = *find_experiment("heat_256_deep");
  const auto first = run_heat(plain, smoke(plain));
  const auto second = run_heat(deep, smoke(deep));
  REQUIRE_MESSAGE(first, first.error().message);
  REQUIRE_MESSAGE(second, second.error().message);
  REQUIRE(first->size() == 2);
  CHECK(first->front() > 0);
  CHECK(first->back() > 0);
  CHECK(first->back() == second->back());
}

} // namespace weft::bench
