#include "apps/bench/actors/one_way.hpp"
#include "apps/bench/actors/ping_pong.hpp"
#include "apps/bench/actors/restart.hpp"
#include "apps/bench/actors/spawn.hpp"
#include "apps/bench/bench_system.hpp"

#include <doctest/doctest.h>

namespace weft::bench {

namespace {

/// An echo that adds one.
echo_actor::behavior_type liar(echo_actor::pointer) {
  return {[](std::uint64_t number) { return number + 1; }};
}

/// An echo that ends instead of answering.
echo_actor::behavior_type quitter(echo_actor::pointer self) {
  return {[self](std::uint64_t) -> caf::result<std::uint64_t> {
    self->quit();
    return caf::make_error(caf::sec::runtime_error);
  }};
}

} // namespace

TEST_CASE("every experiment in one node yields plausible numbers") {
  const auto rate = measure_one_way(1000);
  REQUIRE_MESSAGE(rate, rate.error().message);
  CHECK(*rate > 1000);
  const auto round_trip = measure_ping_pong(100);
  REQUIRE_MESSAGE(round_trip, round_trip.error().message);
  CHECK(*round_trip > 0.05);
  const auto spawned = measure_spawn(2000);
  REQUIRE_MESSAGE(spawned, spawned.error().message);
  CHECK(spawned->actors_per_second > 100);
  const auto restarted = measure_restart(50);
  REQUIRE_MESSAGE(restarted, restarted.error().message);
  CHECK(restarted->median_us > 0.5);
  CHECK(restarted->p99_us >= restarted->median_us);
}

TEST_CASE("an echo that answers wrongly fails the run") {
  bench_config config;
  caf::actor_system system{config};
  const auto timed = time_round_trips(system, system.spawn(liar), 10);
  REQUIRE_FALSE(timed);
  CHECK(timed.error().code == errc::internal);
  CHECK(timed.error().message == "the answer to 10 was 11");
}

TEST_CASE("an echo that ends fails the run") {
  bench_config config;
  caf::actor_system system{config};
  CHECK_FALSE(time_round_trips(system, system.spawn(quitter), 10));
}

} // namespace weft::bench
