#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/models/diffusion.hpp"
#include "actors/torus/core/models/relay.hpp"
#include "actors/torus/core/torus_image.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace weft::torus {

namespace {

const torus_options small{.size = {4, 2, 1},
                          .torus = 1,
                          .tori = 3,
                          .events_max = 20,
                          .edges_max = 10};

/// Some edges, and events that are pending in all tiers.
model_kernel<relay> running_torus() {
  model_kernel<relay> torus{small, {}};
  for (std::uint32_t site = 0; site < 8; ++site)
    REQUIRE(torus.connect(site, torus.address_of((site * 3 + 1) % 8), 7));
  REQUIRE(torus.connect(0, 2, 3));
  for (const virtual_time time : {0, 5, 5'000, 500'000, 500'000'000})
    for (const address site : {8, 9})
      REQUIRE(torus.inject({time, site, outside, 1}));
  REQUIRE(torus.run_until(100));
  return torus;
}

torus_image image_of(const torus_kernel& torus) {
  return *decoded(torus.save());
}

failure why(const result<void>& what) {
  REQUIRE(!what);
  return what.error();
}

} // namespace

TEST_CASE("an image is what was encoded") {
  const auto image = image_of(running_torus());
  CHECK(image.now == 100);
  CHECK(image.events.size() == 10);
  CHECK(image.edges.size() == 9);
  CHECK(image.edges[1] == torus_image::edge_part{0, 2, small.lookahead});
  CHECK(*decoded(encoded(image)) == image);
}

TEST_CASE("a torus that was restored goes on as if nothing had happened") {
  auto torus = running_torus();
  const auto image = torus.save();
  model_kernel<relay> fresh{small, {}};
  REQUIRE(fresh.restore(image));
  CHECK(fresh.counters() == torus.counters());
  for (auto* one : {&torus, &fresh}) {
    REQUIRE(one->inject({200, 12, 3, -4}));
    REQUIRE(one->run_until(1'000));
  }
  CHECK(fresh.state_hash() == torus.state_hash());
  CHECK(fresh.save() == torus.save());
  CHECK(std::vector<event>(fresh.crossings().begin(), fresh.crossings().end())
        == std::vector<event>(torus.crossings().begin(),
                              torus.crossings().end()));
  REQUIRE(torus.restore(image));
  CHECK(torus.now() == 100);
  CHECK(torus.save() == image);
}

TEST_CASE("a torus that has failed can be restored") {
  auto torus = running_torus();
  const auto image = torus.save();
  const event late{50, 8, 0, 0};
  REQUIRE(!torus.accept({&late, 1}));
  REQUIRE(!torus.run_until(200));
  REQUIRE(torus.restore(image));
  CHECK(torus.run_until(200));
}

TEST_CASE("every changed, missing or additional byte is noticed") {
  auto torus = running_torus();
  const auto hash = torus.state_hash();
  const auto image = torus.save();
  for (std::size_t at = 0; at < image.size(); ++at) {
    auto changed = image;
    changed[at] ^= std::byte{0x10};
    CHECK(why(torus.restore(changed)).code == errc::invalid_argument);
    changed = image;
    changed.resize(at);
    CHECK(why(torus.restore(changed)).code == errc::invalid_argument);
  }
  auto longer = image;
  longer.push_back(std::byte{0});
  CHECK(why(torus.restore(longer)).message
        == "image of a torus is damaged: its checksum is wrong");
  CHECK(torus.state_hash() == hash);
}

TEST_CASE("what is no image, or of another version, is refused by name") {
  auto torus = running_torus();
  CHECK(why(torus.restore({})).message == "0 bytes are no image of a torus");
  auto image = torus.save();
  image[8] = std::byte{9};
  CHECK(why(torus.restore(image)).message
        == "image of a torus has version 9: expected 1");
}

TEST_CASE("an image of another torus is refused by name") {
  const auto image = running_torus().save();
  const auto refusal = [&](torus_options other) {
    model_kernel<relay> torus{other, {}};
    return why(torus.restore(image));
  };
  auto other = small;
  other.size = {2, 4, 1};
  CHECK(refusal(other).message
        == "image of a torus is of lattice 4x2x1: expected 2x4x1");
  other = small;
  other.torus = 2;
  CHECK(refusal(other).message
        == "image of a torus is of torus 1 of 3: expected 2 of 3");
  other = small;
  other.events_max = 7;
  CHECK(refusal(other).code == errc::exhausted);
  other = small;
  other.edges_max = 8;
  CHECK(refusal(other).code == errc::exhausted);
  model_kernel<diffusion> model{small, diffusion{10}};
  CHECK(why(model.restore(image)).message
        == "image of a torus is of model relay: expected diffusion, step 10");
}

TEST_CASE("an image that contradicts itself is refused") {
  auto torus = running_torus();
  const auto good = image_of(torus);
  const std::vector<std::function<void(torus_image&)>> changes{
      [](auto& image) { image.sites.pop_back(); },
      [](auto& image) { image.records.push_back({}); },
      [](auto& image) { image.edges[0].site = 8; },
      [](auto& image) { image.edges[0].to = 24; },
      [](auto& image) { image.edges[0].delay = 0; },
      [](auto& image) { image.edges[0].delay = small.edge_delay_max + 1; },
      [](auto& image) { std::swap(image.edges[0], image.edges[8]); },
      [](auto& image) { image.events[0].destination = 7; },
      [](auto& image) { image.events[0].time = 99; },
      [](auto& image) { image.events[0].time = 100 + pending_set::horizon; },
      [](auto& image) { image.events.pop_back(); },
      [](auto& image) { ++image.counters.processed; },
  };
  for (const auto& change : changes) {
    auto image = good;
    change(image);
    CHECK(why(torus.restore(encoded(image))).message
          == "image of a torus contradicts itself: its sites, edges, events "
             "or counters cannot be");
  }
  CHECK(torus.restore(encoded(good)));
}

} // namespace weft::torus
