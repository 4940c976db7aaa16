// Random tori beside `heap_torus`, which does the same in the plainest way.

#include "actors/torus/core/models/diffusion.hpp"
#include "actors/torus/core/models/phold.hpp"
#include "actors/torus/core/models/relay.hpp"
#include "tests/support/heap_torus.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/unit/torus/braid_loop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace weft::torus::test {

namespace {

using generator = std::mt19937_64;

std::uint32_t between(generator& random, std::uint32_t least,
                      std::uint32_t most) {
  return static_cast<std::uint32_t>(least + random() % (most - least + 1));
}

/// With a lookahead of 2 to 2^`lookahead_bits` ticks.
torus_options random_options(generator& random, std::uint32_t lookahead_bits) {
  torus_options options;
  options.size = {between(random, 1, 5), between(random, 1, 4),
                  between(random, 1, 3)};
  options.tori = random() % 2 == 0 ? 1 : between(random, 2, 4);
  options.seed = random();
  options.events_max = 1'000;
  options.edges_max = 1'000;
  options.crossings_max = 2'000;
  options.edge_delay_max = 1U << between(random, 12, 24);
  options.lookahead = 1U << between(random, 1, lookahead_bits);
  return options;
}

/// Near 0 or near where it wraps, and from few, so that some are equal.
std::int32_t random_payload(generator& random) {
  const auto near = static_cast<std::int32_t>(between(random, 0, 6)) - 3;
  using limits = std::numeric_limits<std::int32_t>;
  switch (random() % 4) {
  case 0:
    return limits::max() - std::max(near, 0);
  case 1:
    return limits::min() + std::max(near, 0);
  default:
    return near;
  }
}

/// Runs tick by tick, and stops where events multiply. Returns where.
template <class Model>
virtual_time run_while_few(heap_torus<Model>& heap, virtual_time begin,
                           virtual_time end) {
  while (begin < end && heap.pending() < 100)
    heap.run_until(++begin);
  return begin;
}

/// A braid and what it must be like.
template <class Model>
struct pair {
  pair(const torus_options& options, const Model& model, std::uint64_t seed)
      : options{options}, sites{options.tori
                                * lattice::make(options.size)->sites()},
        braid{options, model, seed}, heap{options, model} {}

  void connect(address from, address to, std::uint32_t delay) {
    REQUIRE(braid.torus_of(from).connect(braid.site_of(from), to, delay));
    heap.connect(from, to, delay);
  }

  void inject(const event& what) {
    REQUIRE(braid.torus_of(what.destination).inject(what));
    heap.inject(what);
  }

  void set_state(address which, std::uint64_t state) {
    braid.torus_of(which).set_state(braid.site_of(which), state);
    heap.set_state(which, state);
  }

  /// Returns when it stopped: before `end` if there are so many events by then
  /// that they must be multiplying.
  virtual_time run(virtual_time begin, virtual_time end) {
    end = run_while_few(heap, begin, end);
    braid.run_until(end);
    REQUIRE(braid.processed() == heap.processed());
    REQUIRE(braid.pending() == heap.pending());
    for (std::uint32_t torus = 0; torus < options.tori; ++torus)
      REQUIRE(braid.torus(torus).state_hash() == heap.state_hash(torus));
    return end;
  }

  torus_options options;
  address sites;
  braid_loop<Model> braid;
  heap_torus<Model> heap;
};

/// Some events from outside, at few different times.
template <class Model>
void inject_some(pair<Model>& both, generator& random, virtual_time now) {
  const auto longest = std::uint64_t{1} << between(random, 0, 14);
  for (auto left = between(random, 0, 30); left > 0; --left)
    both.inject({now + random() % longest,
                 static_cast<address>(random() % both.sites),
                 random() % 2 == 0 ? outside : between(random, 0, 3),
                 random_payload(random)});
}

/// Runs some times for a while, with more events and a restart between.
template <class Model>
void run_some(pair<Model>& both, generator& random, virtual_time longest) {
  virtual_time now = 0;
  for (auto left = between(random, 1, 4); left > 0; --left) {
    inject_some(both, random, now);
    now = both.run(now, now + 1 + random() % longest);
    if (random() % 2 == 0)
      both.braid.restart();
  }
}

void run_relay(generator& random) {
  pair both{random_options(random, 6), relay{}, random()};
  // So few edges that events seldom multiply, and cycles all the same.
  const auto edges = between(random, 0, both.sites + both.sites / 6);
  const auto slowest =
      std::min(1U << between(random, 0, 15), both.options.edge_delay_max);
  for (std::uint32_t i = 0; i < edges; ++i)
    both.connect(i < both.sites ? i
                                : static_cast<address>(random() % both.sites),
                 static_cast<address>(random() % both.sites),
                 between(random, 1, slowest));
  run_some(both, random, 60);
}

void run_phold(generator& random) {
  const phold model{random() % 2 == 0 ? phold_destination::neighbour
                                      : phold_destination::uniform,
                    static_cast<double>(random() % 5) / 4};
  pair both{random_options(random, 11), model, random()};
  // At most some hundred windows.
  run_some(both, random,
           both.options.tori == 1 ? 20'000
                                  : 200 + 100 * both.options.lookahead);
}

void run_diffusion(generator& random) {
  pair both{random_options(random, 11), diffusion{between(random, 2, 50)},
            random()};
  const auto bits = random() % 64;
  for (address which = 0; which < both.sites; ++which) {
    both.set_state(which, random() >> bits);
    if (random() % 8 != 0)
      both.inject({random() % 4, which, which, 0});
  }
  run_some(both, random, 200);
}

} // namespace

TEST_CASE("tori of random shape come to what a plain heap comes to") {
  const auto seed = random_seed();
  for (std::uint64_t run = 0; run < 3'000; ++run) {
    CAPTURE(run);
    generator random{seed + run};
    switch (run % 3) {
    case 0:
      run_relay(random);
      break;
    case 1:
      run_phold(random);
      break;
    default:
      run_diffusion(random);
    }
  }
}

TEST_CASE("a run fails exactly if more events are there at once than fit") {
  const auto seed = random_seed();
  for (std::uint64_t run = 0; run < 500; ++run) {
    CAPTURE(run);
    generator random{seed + run};
    auto options = random_options(random, 1);
    options.tori = 1;
    heap_torus heap{options, relay{}};
    const auto sites = lattice::make(options.size)->sites();
    std::vector<event> events;
    for (int i = 0; i < 20; ++i)
      events.push_back({random() % 8, static_cast<address>(random() % sites),
                        outside, random_payload(random)});
    std::vector<std::array<std::uint32_t, 3>> edges;
    for (std::uint32_t i = 0; i < sites * 3 / 2; ++i)
      edges.push_back({static_cast<std::uint32_t>(random() % sites),
                       static_cast<std::uint32_t>(random() % sites),
                       between(random, 1, 30)});
    for (const auto& [from, to, delay] : edges)
      heap.connect(from, to, delay);
    for (const auto& one : events)
      heap.inject(one);
    const auto end = run_while_few(heap, 0, 60);
    for (const std::size_t spare : {0, 1}) {
      options.events_max = std::max(heap.at_once_max(), events.size()) - spare;
      model_kernel<relay> torus{options, {}};
      for (const auto& [from, to, delay] : edges)
        REQUIRE(torus.connect(from, to, delay));
      std::shuffle(events.begin(), events.end(), random);
      std::size_t refused = 0;
      for (const auto& one : events)
        refused += torus.inject(one) ? 0 : 1;
      const auto ran = torus.run_until(end);
      CHECK(torus.conserved());
      if (spare == 0) {
        CHECK(ran);
        CHECK(torus.state_hash() == heap.state_hash(0));
      } else if (refused == 0) {
        REQUIRE(!ran);
        CHECK(ran.error().code == errc::exhausted);
      }
    }
  }
}

} // namespace weft::torus::test
