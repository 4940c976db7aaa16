#include "actors/torus/core/models/phold.hpp"
#include "actors/torus/core/workload.hpp"
#include "tests/unit/torus/recording_turn.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>

namespace weft::torus::test {

namespace {

constexpr lattice_size cube{5, 5, 5};
constexpr int draws = 60'000;

recording_turn after_draws(const phold& model, address self,
                           std::uint32_t tori) {
  recording_turn at{*lattice::make(cube), self, tori};
  for (int i = 0; i < draws; ++i)
    model.handle(at, 0, i);
  return at;
}

/// How often tokens went where.
std::map<address, int> destinations(const recording_turn& at) {
  std::map<address, int> counts;
  for (const auto& one : at.sent)
    ++counts[one.to];
  return counts;
}

} // namespace

TEST_CASE("a token keeps its payload and takes 1000 ticks on average") {
  const auto at = after_draws({phold_destination::neighbour, 0}, 7, 1);
  REQUIRE(at.sent.size() == draws);
  double sum = 0;
  for (int i = 0; i < draws; ++i) {
    const auto& one = at.sent[static_cast<std::size_t>(i)];
    CHECK(one.payload == i);
    CHECK(one.delay >= phold::delay_min);
    sum += one.delay;
  }
  CHECK(sum / draws == doctest::Approx(999.5).epsilon(0.015));
}

TEST_CASE("each of the six neighbours is as likely as the others") {
  const address self = 2 * 125 + 62;
  const auto at = after_draws({phold_destination::neighbour, 0.5}, self, 3);
  const auto counts = destinations(at);
  for (std::uint32_t way = 0; way < lattice::directions; ++way)
    CHECK(counts.at(2 * 125 + at.shape().neighbour(62, way))
          == doctest::Approx(draws / 12).epsilon(0.08));
}

TEST_CASE("uniform destinations are all sites of the torus") {
  const auto at = after_draws({phold_destination::uniform, 0}, 125 + 3, 3);
  const auto counts = destinations(at);
  CHECK(counts.size() == 125);
  for (const auto& [to, count] : counts) {
    CHECK(to / 125 == 1);
    CHECK(count == doctest::Approx(draws / 125).epsilon(0.25));
  }
}

TEST_CASE("the remote part of the tokens goes to all sites of all others") {
  for (const double remote : {0.0, 0.25, 1.0}) {
    const auto at =
        after_draws({phold_destination::neighbour, remote}, 125 + 3, 4);
    std::map<std::uint32_t, int> tori;
    std::map<address, int> sites;
    for (const auto& one : at.sent) {
      ++tori[one.to / 125];
      if (one.to / 125 != 1)
        ++sites[one.to];
    }
    CHECK(tori[1] == doctest::Approx(draws * (1 - remote)).epsilon(0.03));
    CHECK(sites.size() == (remote > 0 ? 375 : 0));
    for (const std::uint32_t other : {0U, 2U, 3U})
      CHECK(tori[other] == doctest::Approx(draws * remote / 3).epsilon(0.05));
  }
}

TEST_CASE("where there is one torus no token leaves it") {
  const auto at = after_draws({phold_destination::uniform, 1}, 3, 1);
  for (const auto& one : at.sent)
    CHECK(one.to < 125);
}

TEST_CASE("tokens neither come nor go") {
  for (const auto where :
       {phold_destination::neighbour, phold_destination::uniform}) {
    const workload load = phold_load{.population = 2'000, .destination = where};
    auto torus =
        *make_torus(sized_for({.size = {10, 10, 10}}, load, 1'000), load);
    for (virtual_time end = 1'000; end <= 20'000; end += 1'000) {
      REQUIRE(torus->run_until(end));
      CHECK(torus->pending() == 2'000);
      CHECK(torus->conserved());
    }
    CHECK(static_cast<double>(torus->counters().processed)
          == doctest::Approx(38'000).epsilon(0.05));
  }
}

} // namespace weft::torus::test
