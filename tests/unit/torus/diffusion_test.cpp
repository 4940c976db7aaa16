#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/models/diffusion.hpp"
#include "actors/torus/core/workload.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace weft::torus::test {

namespace {

using amounts = std::vector<std::int64_t>;

amounts amounts_of(const torus_kernel& torus) {
  amounts all(torus.shape().sites());
  for (std::uint32_t site = 0; site < all.size(); ++site)
    all[site] = static_cast<std::int64_t>(torus.state(site));
  return all;
}

/// One step of the explicit scheme, without events.
amounts next_step(const lattice& shape, const amounts& before) {
  auto after = before;
  for (std::uint32_t site = 0; site < before.size(); ++site)
    for (std::uint32_t way = 0; way < lattice::directions; ++way) {
      after[site] -= before[site] / 8;
      after[shape.neighbour(site, way)] += before[site] / 8;
    }
  return after;
}

std::int64_t sum(const amounts& all) {
  return std::accumulate(all.begin(), all.end(), std::int64_t{0});
}

/// A torus where all sites give every 10 ticks, from 0.
model_kernel<diffusion> with(const lattice_size& size, const amounts& begin) {
  model_kernel<diffusion> torus{{.size = size}, diffusion{10}};
  for (std::uint32_t site = 0; site < begin.size(); ++site) {
    torus.set_state(site, static_cast<std::uint64_t>(begin[site]));
    REQUIRE(torus.inject({0, site, site, 0}));
  }
  return torus;
}

} // namespace

TEST_CASE("amounts are those of the explicit scheme, on every lattice") {
  std::mt19937_64 random{random_seed()};
  for (const auto& size : {lattice_size{6, 5, 4}, lattice_size{2, 3, 1},
                           lattice_size{1, 1, 1}, lattice_size{4, 1, 2}}) {
    const auto shape = *lattice::make(size);
    amounts expected(shape.sites());
    for (auto& one : expected)
      one = static_cast<std::int32_t>(random());
    auto torus = with(size, expected);
    for (virtual_time step = 0; step < 30; ++step) {
      REQUIRE(torus.run_until(10 * step + 2));
      expected = next_step(shape, expected);
      CHECK(amounts_of(torus) == expected);
    }
    CHECK(torus.conserved());
  }
}

TEST_CASE("a heap in one place spreads evenly, and nothing is lost") {
  const lattice_size size{6, 6, 6};
  amounts begin(216);
  begin[100] = 216'000'000;
  auto torus = with(size, begin);
  REQUIRE(torus.run_until(10'002));
  const auto end = amounts_of(torus);
  CHECK(sum(end) == 216'000'000);
  const auto [least, most] = std::minmax_element(end.begin(), end.end());
  CHECK(*most - *least < 50);
}

TEST_CASE("no more flows than a payload holds") {
  using limits = std::numeric_limits<std::int32_t>;
  amounts begin(27);
  begin[0] = std::int64_t{1} << 60;
  begin[1] = -(std::int64_t{1} << 60);
  auto torus = with({3, 3, 3}, begin);
  REQUIRE(torus.run_until(2));
  const auto end = amounts_of(torus);
  CHECK(sum(end) == 0);
  // Six times to others; each gets one from the other, too.
  CHECK(end[0] == begin[0] - 6 * std::int64_t{limits::max()} + limits::min());
}

TEST_CASE("what comes from outside is added, and corrections are") {
  auto torus = with({3, 1, 1}, {0, 0, 0});
  REQUIRE(torus.inject({.time = 5, .destination = 1, .payload = -9}));
  REQUIRE(torus.run_until(6));
  CHECK(amounts_of(torus) == amounts{0, -9, 0});
  REQUIRE(torus.correct(2, 9));
  CHECK(amounts_of(torus) == amounts{0, -9, 9});
  CHECK(torus.counters().corrections == 1);
  CHECK(torus.conserved());
}

TEST_CASE("neighbours see amounts as far as 32 bits go") {
  const diffusion model{10};
  CHECK(model.observe(static_cast<std::uint64_t>(-7)) == -7);
  CHECK(model.observe(std::uint64_t{1} << 40)
        == std::numeric_limits<std::int32_t>::max());
  CHECK(model.observe(std::uint64_t{1} << 63)
        == std::numeric_limits<std::int32_t>::min());
}

} // namespace weft::torus::test
