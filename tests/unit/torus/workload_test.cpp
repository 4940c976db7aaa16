#include "actors/torus/core/workload.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace weft::torus {

namespace {

const torus_options cube{.size = {6, 6, 6}};

std::unique_ptr<torus_kernel> fitting(const torus_options& options,
                                      const workload& load) {
  auto made = make_torus(sized_for(options, load, 1'000), load);
  REQUIRE(made);
  return std::move(*made);
}

failure why(const torus_options& options, const workload& load) {
  const auto made = make_torus(options, load);
  REQUIRE(!made);
  return made.error();
}

} // namespace

TEST_CASE("a full ring runs all of its sites in every tick in the end") {
  const auto torus = fitting(cube, relay_load{.ring = 80, .population = 80});
  // The edges get faster with each round: 9 + 8 + ... + 1 ticks.
  REQUIRE(torus->run_until(45));
  CHECK(torus->counters().processed == 9 * 80);
  REQUIRE(torus->run_until(145));
  CHECK(torus->counters().processed == 109 * 80);
  CHECK(torus->pending() == 80);
}

TEST_CASE("events begin evenly spread over the ring") {
  const auto torus = fitting(cube, relay_load{.ring = 10, .population = 4});
  REQUIRE(torus->run_until(1));
  for (std::uint32_t site = 0; site < 216; ++site)
    CHECK((torus->state(site) != 0)
          == (site == 0 || site == 2 || site == 5 || site == 7));
}

TEST_CASE("without a ring each site reaches its six neighbours") {
  auto options = sized_for(cube, relay_load{}, 1'000);
  options.events_max = 10'000;
  const auto torus = *make_torus(options, relay_load{});
  REQUIRE(torus->run_until(1));
  CHECK(torus->pending() == 6);
  REQUIRE(torus->run_until(10));
  CHECK(torus->pending() == 36);
}

TEST_CASE("the same seed begins the same, another one does not") {
  for (const workload& load :
       {workload{phold_load{.population = 300}}, workload{diffusion_load{}}}) {
    auto other = cube;
    other.seed = 2;
    CHECK(fitting(cube, load)->state_hash()
          == fitting(cube, load)->state_hash());
    CHECK(fitting(cube, load)->state_hash()
          != fitting(other, load)->state_hash());
  }
}

TEST_CASE("what is fitted is enough, and tori of a braid fit each other") {
  for (const workload& load :
       {workload{relay_load{.ring = 216, .population = 500}},
        workload{phold_load{.population = 1'000, .remote = 0.5}},
        workload{diffusion_load{.step = 7}}}) {
    std::vector<std::unique_ptr<torus_kernel>> tori;
    for (std::uint32_t torus = 0; torus < 3; ++torus)
      tori.push_back(
          fitting({.size = {6, 6, 6}, .torus = torus, .tori = 3}, load));
    for (virtual_time end = 1'000; end <= 6'000; end += 1'000) {
      std::vector<event> crossings;
      for (auto& one : tori) {
        REQUIRE(one->run_until(end));
        CHECK(one->conserved());
        crossings.insert(crossings.end(), one->crossings().begin(),
                         one->crossings().end());
      }
      for (const auto& one : crossings)
        REQUIRE(tori[one.destination / 216]->accept({&one, 1}));
    }
  }
}

TEST_CASE("loads that cannot be are refused by name") {
  const auto refused = [&](const torus_options& options, const workload& load,
                           const std::string& begin) {
    const auto error = why(options, load);
    CHECK(error.code == errc::invalid_argument);
    CHECK(error.message.substr(0, begin.size()) == begin);
  };
  auto narrow = cube;
  narrow.events_max = 10;
  refused({.size = {0, 1, 1}}, relay_load{}, "lattice");
  refused(cube, relay_load{.ring = 217}, "ring: expected 1 to 216");
  refused(cube, relay_load{.ring = 0}, "ring");
  refused(narrow, relay_load{.population = 11}, "population: expected at most");
  refused(narrow, phold_load{.population = 11}, "population: expected at most");
  refused(cube, phold_load{.remote = 0.1}, "remote: expected 0");
  refused({.size = {6, 6, 6}, .tori = 2}, phold_load{.remote = 1.1}, "remote");
  refused({.size = {6, 6, 6}, .tori = 2}, phold_load{.remote = -1}, "remote");
  refused(cube, diffusion_load{.step = 1}, "diffusion");
  refused(cube, diffusion_load{.amount_max = 0}, "diffusion");
  auto few_edges = cube;
  few_edges.edges_max = 5;
  CHECK(why(few_edges, relay_load{.ring = 6}).code == errc::exhausted);
  CHECK(why(narrow, diffusion_load{}).code == errc::exhausted);
}

} // namespace weft::torus
