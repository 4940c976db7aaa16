#include "apps/heat/core/coordinator_core.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <variant>

namespace weft::heat::test {

namespace {

using namespace std::chrono_literals;

const failure lost_node{errc::unavailable, "the node is lost"};

template <class Effect>
std::vector<Effect> only(const run_effects& effects) {
  std::vector<Effect> found;
  for (const auto& effect : effects)
    if (const auto* one = std::get_if<Effect>(&effect))
      found.push_back(*one);
  return found;
}

/// Four regions on four places, which keep states.
struct four_places {
  four_places()
      : core{{.regions = 4, .places = 4, .keeps_states = true}, now} {}

  void start_all() {
    const auto effects = core.poll(now);
    for (const auto& one : only<run_effect::start_keeper>(effects))
      core.keeper_started(one.place);
    for (const auto& one : only<run_effect::start_region>(effects))
      core.region_started(one.region);
  }

  std::vector<run_effect::begin_epoch> begin() {
    return only<run_effect::begin_epoch>(core.poll(now));
  }

  void ready() {
    for (index region = 0; region < 4; ++region)
      last = core.region_ready(region, core.epoch(), now);
  }

  void compute() {
    start_all();
    begin();
    ready();
  }

  coordinator_core::time_point now{1h};
  coordinator_core core;
  run_effects last;
};

} // namespace

TEST_CASE_FIXTURE(four_places, "regions are dealt to places in their order") {
  const auto starts = only<run_effect::start_region>(core.poll(now));
  REQUIRE(starts.size() == 4);
  for (std::size_t which = 0; which < 4; ++which)
    CHECK(starts[which].place == which);
}

TEST_CASE_FIXTURE(four_places, "an epoch begins when all are there, and all "
                               "compute when all are ready") {
  start_all();
  const auto orders = begin();
  REQUIRE(orders.size() == 4);
  CHECK(orders[3].block == 0);
  CHECK(orders[3].from.empty());
  CHECK(orders[3].to == std::vector<std::size_t>{3, 0});
  for (index region = 0; region < 3; ++region)
    CHECK(core.region_ready(region, 1, now).empty());
  CHECK(only<run_effect::go>(core.region_ready(3, 1, now)).size() == 1);
}

TEST_CASE_FIXTURE(four_places, "a lost node takes all back to the newest state "
                               "that all have kept") {
  compute();
  for (std::uint64_t block : {10, 20})
    for (index region = 0; region < (block == 10 ? 4 : 3); ++region)
      core.state_kept(region, 1, block,
                      {static_cast<std::size_t>(region),
                       static_cast<std::size_t>(region + 1) % 4},
                      now);
  core.keeper_lost(2, lost_node, now);
  core.region_lost(2, lost_node, now);
  now += 1s;
  start_all();
  const auto orders = begin();
  REQUIRE(orders.size() == 4);
  CHECK(orders[0].block == 10);
  CHECK(orders[0].epoch == 2);
  CHECK(orders[1].from == std::vector<std::size_t>{1});
  CHECK(orders[2].from == std::vector<std::size_t>{3});
  CHECK(core.recoveries() == 1);
}

TEST_CASE_FIXTURE(four_places, "a state that nobody holds any more is not "
                               "rolled back to") {
  compute();
  for (index region = 0; region < 4; ++region)
    core.state_kept(region, 1, 10,
                    {static_cast<std::size_t>(region),
                     static_cast<std::size_t>(region + 1) % 4},
                    now);
  core.keeper_lost(2, lost_node, now);
  core.keeper_lost(3, lost_node, now);
  now += 1s;
  start_all();
  const auto orders = begin();
  REQUIRE(orders.size() == 4);
  CHECK(orders[0].block == 0);
}

TEST_CASE_FIXTURE(four_places, "keepers forget states that are older than one "
                               "that all have kept") {
  compute();
  run_effects effects;
  for (index region = 0; region < 4; ++region)
    effects = core.state_kept(region, 1, 10, {0, 1}, now);
  const auto orders = only<run_effect::forget_before>(effects);
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].block == 10);
}

TEST_CASE_FIXTURE(four_places, "messages of an earlier epoch are ignored") {
  compute();
  core.trouble(1, lost_node, now);
  core.trouble(1, lost_node, now);
  CHECK(core.recoveries() == 1);
  now += 1s;
  begin();
  CHECK(core.region_ready(0, 1, now).empty());
  CHECK(core.state_kept(0, 1, 10, {0}, now).empty());
  CHECK(core.region_stopped(0, 1, {}).empty());
  core.trouble(1, lost_node, now);
  CHECK(core.recoveries() == 1);
}

TEST_CASE_FIXTURE(four_places, "a place that stays away loses its regions") {
  compute();
  core.keeper_lost(2, lost_node, now);
  core.region_lost(2, lost_node, now);
  for (int second = 0; second <= 11; ++second) {
    now += 1s;
    for (const auto& one : only<run_effect::start_region>(core.poll(now)))
      if (one.place == 2)
        core.start_failed(2, lost_node, now);
  }
  CHECK(core.place_of(2) != 2);
  start_all();
  CHECK(begin().size() == 4);
}

TEST_CASE_FIXTURE(four_places, "an order that no place can obey ends the run") {
  core.poll(now);
  core.start_failed(1, {errc::invalid_argument, "region 7: expected 0 to 3"},
                    now);
  const auto ends = only<run_effect::gave_up>(core.poll(now));
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].why.code == errc::invalid_argument);
  CHECK(core.poll(now).empty());
}

TEST_CASE_FIXTURE(four_places, "a region that never comes up ends the run") {
  for (int attempt = 0; attempt < 10; ++attempt) {
    start_all();
    begin();
    core.region_lost(1, {errc::internal, "out of memory"}, now);
    now += 1s;
  }
  const auto ends = only<run_effect::gave_up>(core.poll(now));
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].why.message.starts_with("out of memory"));
}

TEST_CASE_FIXTURE(four_places, "a run that gets no further is given up") {
  compute();
  std::vector<run_effect::gave_up> ends;
  for (int attempt = 0; attempt < 100 && ends.empty(); ++attempt) {
    core.trouble(core.epoch(), {errc::timed_out, "a shard is away"}, now);
    now += 1s;
    const auto effects = core.poll(now);
    ends = only<run_effect::gave_up>(effects);
    ready();
  }
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].why.code == errc::timed_out);
}

TEST_CASE_FIXTURE(four_places, "a run that gets further is not given up") {
  compute();
  for (std::uint64_t attempt = 1; attempt < 100; ++attempt) {
    core.progressed(core.epoch(), attempt, now);
    core.trouble(core.epoch(), {errc::timed_out, "a shard is away"}, now);
    now += 1s;
    CHECK(only<run_effect::gave_up>(core.poll(now)).empty());
    ready();
  }
}

TEST_CASE_FIXTURE(four_places, "a result that cannot be fetched is computed "
                               "again") {
  compute();
  for (index region = 0; region < 4; ++region)
    last = core.region_stopped(region, 1, {.iterations = 5});
  CHECK(only<run_effect::ended>(last).size() == 1);
  core.region_lost(0, lost_node, now);
  now += 1s;
  start_all();
  CHECK(begin().size() == 4);
}

} // namespace weft::heat::test
