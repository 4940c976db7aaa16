#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/models/relay.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace weft::torus {

namespace {

constexpr virtual_time never = 1'000'000'000;

/// 0 -> 1 -> ... -> length - 1, each edge with this delay.
model_kernel<relay> chain(std::uint32_t length, std::uint32_t delay) {
  model_kernel<relay> torus{{.size = {length, 1, 1}}, {}};
  for (std::uint32_t site = 0; site + 1 < length; ++site)
    REQUIRE(torus.connect(site, site + 1, delay));
  return torus;
}

void inject(torus_kernel& torus, std::uint32_t site, std::int32_t payload) {
  REQUIRE(torus.inject({.destination = site, .payload = payload}));
}

void run(torus_kernel& torus, virtual_time end = never) {
  REQUIRE(torus.run_until(end));
  CHECK(torus.conserved());
}

} // namespace

TEST_CASE("edges get faster under payloads above 0") {
  auto torus = chain(3, 10);
  inject(torus, 0, 1);
  run(torus);
  CHECK(torus.counters().processed == 3);
  CHECK(torus.counters().last_event == 18);
  CHECK(torus.pending() == 0);
}

TEST_CASE("edges get slower under payloads of 0 and below") {
  for (const auto payload : {-5, -1}) {
    auto torus = chain(3, 10);
    inject(torus, 0, payload);
    run(torus);
    CHECK(torus.counters().processed == 3);
    CHECK(torus.counters().last_event == 22);
  }
}

TEST_CASE("a site with an edge to itself runs every tick in the end") {
  model_kernel<relay> torus{{.size = {1, 1, 1}}, {}};
  REQUIRE(torus.connect(0, 0, 5));
  inject(torus, 0, 1);
  const auto run_events = [&](std::uint64_t events) {
    while (torus.counters().processed < events)
      run(torus, torus.now() + 1);
    CHECK(torus.counters().processed == events);
    return torus.counters().last_event;
  };
  CHECK(run_events(1) == 0);
  CHECK(run_events(6) == 11);
  CHECK(run_events(100) == 105);
}

TEST_CASE("a thousand events run down a chain of a hundred sites") {
  auto torus = chain(100, 10);
  for (std::uint32_t i = 0; i < 1000; ++i)
    inject(torus, i % 100, static_cast<std::int32_t>(i));
  run(torus);
  CHECK(torus.counters().processed == 50'500);
  CHECK(torus.counters().last_event == 109);
}

TEST_CASE("payloads wrap") {
  // 0 -> 1 -> 2: the second edge sees the lowest of all payloads.
  auto torus = chain(3, 10);
  inject(torus, 0, std::numeric_limits<std::int32_t>::max());
  run(torus);
  CHECK(torus.counters().last_event == 9 + 11);
}

TEST_CASE("no edge gets slower than the options say") {
  model_kernel<relay> torus{{.size = {1, 1, 1}, .edge_delay_max = 7}, {}};
  REQUIRE(torus.connect(0, 0, 6));
  inject(torus, 0, -100);
  run(torus, 7 * 20 + 1);
  CHECK(torus.counters().processed == 21);
}

TEST_CASE("making an edge again resets its delay and keeps its place") {
  // Both ways to 1 and 2 arrive in the order of the edges, which shows in
  // nothing; in the delay it does.
  model_kernel<relay> torus{{.size = {3, 1, 1}}, {}};
  REQUIRE(torus.connect(0, 1, 10));
  REQUIRE(torus.connect(0, 2, 20));
  inject(torus, 0, 1);
  run(torus, 100);
  CHECK(torus.counters().last_event == 19);
  const auto once = torus.state_hash();
  REQUIRE(torus.connect(0, 1, 9));
  REQUIRE(torus.connect(0, 2, 19));
  CHECK(torus.state_hash() == once);
  REQUIRE(torus.connect(0, 2, 30));
  CHECK(torus.state_hash() != once);
  REQUIRE(torus.inject({.time = 100, .destination = 0, .payload = 1}));
  run(torus);
  CHECK(torus.counters().last_event == 129);
}

TEST_CASE("edges to other tori take the lookahead at least") {
  model_kernel<relay> torus{{.size = {2, 1, 1}, .tori = 2, .lookahead = 500},
                            {}};
  REQUIRE(torus.connect(0, 2, 3));
  REQUIRE(torus.connect(1, 3, 600));
  inject(torus, 0, 1);
  inject(torus, 1, 1);
  inject(torus, 1, -7);
  run(torus, 100);
  const auto sent = torus.crossings();
  // Payloads in order: -7 makes the edge slower before 1 makes it faster.
  CHECK(std::vector<event>(sent.begin(), sent.end())
        == std::vector<event>{{500, 2, 0, 2}, {600, 3, 1, 2}, {601, 3, 1, -6}});
  CHECK(torus.counters().sent == 3);
  run(torus, 200);
  CHECK(torus.crossings().empty());
}

} // namespace weft::torus
