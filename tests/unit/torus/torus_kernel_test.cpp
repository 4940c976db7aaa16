#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/models/diffusion.hpp"
#include "actors/torus/core/models/phold.hpp"
#include "actors/torus/core/models/relay.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace weft::torus {

namespace {

model_kernel<relay> relay_torus(const torus_options& options = {
                                    .size = {4, 2, 2}}) {
  return {options, {}};
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("edges lie between sites of the braid and have a delay") {
  auto torus = relay_torus({.size = {4, 2, 2},
                            .tori = 2,
                            .edges_max = 2,
                            .lookahead = 10,
                            .edge_delay_max = 100});
  for (const auto& made : {torus.connect(16, 0, 1), torus.connect(0, 32, 1),
                           torus.connect(0, 1, 0), torus.connect(0, 1, 101)}) {
    REQUIRE(!made);
    CHECK(made.error().code == errc::invalid_argument);
  }
  CHECK(torus.connect(15, 31, 100));
  CHECK(torus.connect(0, 0, 1));
  const auto above = torus.connect(0, 1, 1);
  REQUIRE(!above);
  CHECK(above.error().code == errc::exhausted);
  CHECK(contains(above.error().message, "edges_max"));
  CHECK(torus.connect(0, 0, 2));
}

TEST_CASE("an injection for another place or time is refused and counted") {
  auto torus = relay_torus({.size = {4, 2, 2}, .torus = 1, .tori = 3});
  REQUIRE(torus.run_until(1000));
  for (const auto& wrong :
       {event{1000, 15}, event{1000, 32}, event{1000, outside}, event{999, 16},
        event{1000 + pending_set::horizon, 16}}) {
    const auto taken = torus.inject(wrong);
    REQUIRE(!taken);
    CHECK(taken.error().code == errc::invalid_argument);
  }
  CHECK(torus.inject({1000, 16}));
  CHECK(torus.inject({999 + pending_set::horizon, 31}));
  CHECK(torus.counters().created == 7);
  CHECK(torus.counters().refused == 5);
  CHECK(torus.pending() == 2);
  CHECK(torus.conserved());
  CHECK(torus.run_until(2000));
  CHECK(torus.run_until(2000 + pending_set::horizon));
  CHECK(torus.counters().processed == 2);
}

TEST_CASE("at capacity an injection is refused, and the torus runs on") {
  auto torus = relay_torus({.size = {4, 2, 2}, .events_max = 3});
  for (virtual_time time = 0; time < 3; ++time)
    REQUIRE(torus.inject({.time = time, .destination = 0}));
  const auto above = torus.inject({.time = 5, .destination = 0});
  REQUIRE(!above);
  CHECK(above.error().code == errc::exhausted);
  CHECK(contains(above.error().message, "events_max is 3"));
  CHECK(torus.run_until(1));
  CHECK(torus.inject({.time = 5, .destination = 0}));
  CHECK(torus.run_until(10));
  CHECK(torus.counters().processed == 4);
  CHECK(torus.counters().refused == 1);
  CHECK(torus.conserved());
}

TEST_CASE("a model's own event without room fails the run for good") {
  auto torus = relay_torus({.size = {4, 1, 1}, .events_max = 4});
  for (address to = 0; to < 4; ++to)
    REQUIRE(torus.connect(0, to, 3));
  REQUIRE(torus.inject({.destination = 0, .payload = 1}));
  const auto ran = torus.run_until(100);
  REQUIRE(!ran);
  CHECK(ran.error().code == errc::exhausted);
  CHECK(ran.error().message
        == "torus 0 has 5 events at once at time 0, and events_max is 4");
  CHECK(torus.conserved());
  const auto hash = torus.state_hash();
  CHECK(!torus.run_until(200));
  CHECK(torus.state_hash() == hash);
}

TEST_CASE("more crossings than fit fail the run") {
  auto torus = relay_torus(
      {.size = {2, 1, 1}, .tori = 2, .crossings_max = 2, .lookahead = 5});
  REQUIRE(torus.connect(0, 2, 5));
  REQUIRE(torus.connect(0, 3, 5));
  REQUIRE(torus.inject({.time = 0, .destination = 0}));
  REQUIRE(torus.run_until(1));
  CHECK(torus.crossings().size() == 2);
  REQUIRE(torus.inject({.time = 1, .destination = 0}));
  REQUIRE(torus.inject({.time = 2, .destination = 0}));
  const auto ran = torus.run_until(3);
  REQUIRE(!ran);
  CHECK(ran.error().code == errc::exhausted);
  CHECK(contains(ran.error().message, "crossings_max is 2"));
  CHECK(torus.conserved());
}

TEST_CASE("an event of another torus that comes too late fails the run") {
  auto torus = relay_torus({.size = {2, 1, 1}, .tori = 2});
  REQUIRE(torus.run_until(100));
  const std::vector<event> events{{99, 0, 2, 1}, {100, 1, 2, 1}};
  const auto taken = torus.accept(events);
  REQUIRE(!taken);
  CHECK(taken.error().code == errc::internal);
  CHECK(torus.counters().causality_violations == 1);
  CHECK(torus.counters().accepted == 2);
  CHECK(torus.counters().refused == 1);
  CHECK(torus.pending() == 1);
  CHECK(torus.conserved());
  CHECK(!torus.run_until(200));
}

TEST_CASE("an event of another torus without room fails the run") {
  auto torus = relay_torus({.size = {2, 1, 1}, .tori = 2, .events_max = 1});
  const std::vector<event> events{{1, 0, 2, 1}, {1, 1, 2, 1}};
  const auto taken = torus.accept(events);
  REQUIRE(!taken);
  CHECK(taken.error().code == errc::exhausted);
  CHECK(torus.conserved());
  CHECK(!torus.run_until(200));
}

TEST_CASE("events before the end of a window run, and no others") {
  auto torus = relay_torus();
  for (const virtual_time time : {0, 9, 10, 11})
    REQUIRE(torus.inject({.time = time, .destination = 1}));
  REQUIRE(torus.run_until(10));
  CHECK(torus.counters().processed == 2);
  CHECK(torus.now() == 10);
  REQUIRE(torus.run_until(11));
  CHECK(torus.counters().processed == 3);
  CHECK(torus.counters().last_event == 10);
}

TEST_CASE("the hash knows states, streams, edges and pending events apart") {
  const auto hash_after = [](auto change) {
    auto torus = relay_torus();
    change(torus);
    return torus.state_hash();
  };
  const std::vector<std::uint64_t> hashes{
      hash_after([](auto&) {}),
      hash_after([](auto& torus) { torus.set_state(0, 1); }),
      hash_after([](auto& torus) { torus.set_state(1, 1); }),
      hash_after([](auto& torus) { REQUIRE(torus.connect(0, 1, 2)); }),
      hash_after([](auto& torus) { REQUIRE(torus.connect(0, 2, 1)); }),
      hash_after([](auto& torus) {
        REQUIRE(torus.inject({1, 2, 3, 4}));
      }),
      hash_after([](auto& torus) {
        REQUIRE(torus.inject({2, 2, 3, 4}));
      }),
      hash_after([](auto& torus) {
        REQUIRE(torus.inject({1, 3, 3, 4}));
      }),
      hash_after([](auto& torus) {
        REQUIRE(torus.inject({1, 2, 4, 4}));
      }),
      hash_after([](auto& torus) {
        REQUIRE(torus.inject({1, 2, 3, 5}));
      }),
      relay_torus({.size = {4, 2, 2}, .seed = 2}).state_hash(),
  };
  for (std::size_t a = 0; a < hashes.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      CHECK(hashes[a] != hashes[b]);
}

TEST_CASE("the order in which events came shows nowhere") {
  auto one = relay_torus();
  auto other = relay_torus();
  for (std::int32_t i = 0; i < 100; ++i) {
    REQUIRE(one.inject({.time = 3, .destination = 5, .payload = i}));
    REQUIRE(other.inject({.time = 3, .destination = 5, .payload = 99 - i}));
  }
  CHECK(one.state_hash() == other.state_hash());
  CHECK(one.save() == other.save());
  REQUIRE(one.run_until(10));
  REQUIRE(other.run_until(10));
  CHECK(one.state_hash() == other.state_hash());
  CHECK(one.save() == other.save());
}

TEST_CASE("a face shows what the model says of its sites") {
  model_kernel<diffusion> torus{{.size = {3, 2, 2}}, diffusion{5}};
  for (std::uint32_t site = 0; site < 12; ++site)
    torus.set_state(site, site * 10);
  std::vector<std::int32_t> face(4);
  torus.observe(side::first, face);
  CHECK(face == std::vector<std::int32_t>{0, 30, 60, 90});
  torus.observe(side::last, face);
  CHECK(face == std::vector<std::int32_t>{20, 50, 80, 110});
}

TEST_CASE("a model without anything to correct says so") {
  auto torus = relay_torus();
  const auto corrected = torus.correct(0, 1);
  REQUIRE(!corrected);
  CHECK(corrected.error().code == errc::unsupported);
  CHECK(corrected.error().message == "relay has nothing to correct");
  CHECK(torus.counters().corrections == 0);
}

TEST_CASE("a torus of the usual size takes no more than 8 MiB") {
  CHECK(model_kernel<relay>{{}, {}}.memory_bytes() <= 8 << 20);
}

} // namespace weft::torus
