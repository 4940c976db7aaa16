#include "apps/heat/core/region_driver_core.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <variant>

namespace weft::heat::test {

namespace {

template <class Effect>
std::size_t count(const region_effects& effects) {
  return static_cast<std::size_t>(
      std::ranges::count_if(effects, [](const auto& effect) {
        return std::holds_alternative<Effect>(effect);
      }));
}

partition two_regions(index depth) {
  return *partition::make({{12, 12}, 2, 1, depth});
}

/// All that there is to compute now.
region_effects work_off(region_driver_core& driver) {
  region_effects all;
  while (driver.has_work())
    for (auto& effect : driver.work())
      all.push_back(std::move(effect));
  return all;
}

region_effects give_halo(region_driver_core& driver, std::uint64_t block,
                         index cells) {
  const std::vector<double> halo(static_cast<std::size_t>(cells), 1.0);
  const halo_view view{direction::down, halo};
  auto effects = driver.halos_came(block, {&view, 1});
  REQUIRE(effects);
  return *effects;
}

} // namespace

TEST_CASE("a region gives its halos before it computes") {
  region_driver_core driver{two_regions(1), 0, {}, {}};
  const auto effects = driver.begin(0, {});
  CHECK(count<region_effect::give_halo>(effects) == 1);
  CHECK(count<region_effect::ask_halos>(effects) == 1);
  CHECK(driver.has_work());
  CHECK(work_off(driver).empty());
}

TEST_CASE("a region computes one block ahead of its verdict and then waits") {
  region_driver_core driver{two_regions(1), 0, {.run_ahead = 1}, {}};
  driver.begin(0, {});
  work_off(driver);
  give_halo(driver, 0, 10);
  auto effects = work_off(driver);
  CHECK(count<region_effect::join_changes>(effects) == 1);
  CHECK(count<region_effect::give_halo>(effects) == 1);
  give_halo(driver, 1, 10);
  effects = work_off(driver);
  CHECK(count<region_effect::join_changes>(effects) == 1);
  CHECK(count<region_effect::give_halo>(effects) == 0);
  effects = driver.verdict_came(0, {5.0});
  CHECK(count<region_effect::give_halo>(effects) == 1);
}

TEST_CASE("verdicts that overtake each other are taken in their order") {
  region_driver_core driver{
      two_regions(1), 0, {.run_ahead = 1}, {{.threshold = 1}, 0}};
  driver.begin(0, {});
  for (std::uint64_t block : {0, 1}) {
    work_off(driver);
    give_halo(driver, block, 10);
    work_off(driver);
  }
  CHECK(driver.verdict_came(1, {0.5}).empty());
  const auto effects = driver.verdict_came(0, {2.0});
  REQUIRE(count<region_effect::stopped>(effects) == 1);
  const auto& how = std::get<region_effect::stopped>(effects.front()).how;
  CHECK(how.iterations == 2);
  CHECK(how.converged);
  CHECK(how.final_change == 0.5);
  CHECK(driver.ended());
}

TEST_CASE("a state is kept when it is known that the run did not end before") {
  region_driver_core driver{two_regions(1), 0, {.run_ahead = 1}, {{}, 1}};
  driver.begin(0, {});
  work_off(driver);
  give_halo(driver, 0, 10);
  auto effects = work_off(driver);
  CHECK(count<region_effect::keep_state>(effects) == 0);
  CHECK(count<region_effect::give_halo>(effects) == 0);
  effects = driver.verdict_came(0, {5.0});
  CHECK(count<region_effect::keep_state>(effects) == 1);
  CHECK(count<region_effect::give_halo>(effects) == 1);
}

TEST_CASE("a state that is still on its way holds up the next one") {
  region_driver_core driver{two_regions(1), 0, {}, {{}, 1}};
  driver.begin(0, {});
  for (std::uint64_t block : {0, 1}) {
    work_off(driver);
    give_halo(driver, block, 10);
    work_off(driver);
    const auto effects = driver.verdict_came(block, {5.0});
    CHECK(count<region_effect::keep_state>(effects) == (block == 0 ? 1 : 0));
  }
  CHECK(count<region_effect::keep_state>(driver.kept(7)) == 0);
  const auto effects = driver.kept(1);
  CHECK(count<region_effect::keep_state>(effects) == 1);
  CHECK(count<region_effect::give_halo>(effects) == 1);
}

TEST_CASE("halos and verdicts of blocks that are over are ignored") {
  region_driver_core driver{two_regions(1), 0, {}, {}};
  driver.begin(0, {});
  work_off(driver);
  CHECK(give_halo(driver, 3, 10).empty());
  CHECK_FALSE(driver.has_work());
  give_halo(driver, 0, 10);
  work_off(driver);
  driver.verdict_came(0, {5.0});
  CHECK(driver.verdict_came(0, {0.0}).empty());
  CHECK_FALSE(driver.ended());
}

TEST_CASE("halos that do not fit fail") {
  region_driver_core driver{two_regions(1), 0, {}, {}};
  driver.begin(0, {});
  const std::vector<double> few(3);
  const halo_view wrong{direction::down, few};
  CHECK_FALSE(driver.halos_came(0, {&wrong, 1}));
  CHECK_FALSE(driver.halos_came(0, {}));
}

TEST_CASE("a region without neighbours needs verdicts alone") {
  region_driver_core driver{
      *partition::make({{10, 10}, 1, 1, 1}), 0, {}, {{.iterations_max = 1}, 0}};
  CHECK(driver.begin(0, {}).empty());
  CHECK(count<region_effect::join_changes>(work_off(driver)) == 1);
  const auto effects = driver.verdict_came(0, {25.0});
  REQUIRE(count<region_effect::stopped>(effects) == 1);
  CHECK_FALSE(std::get<region_effect::stopped>(effects.front()).how.converged);
}

TEST_CASE("a region that begins anew at block 0 forgets what it computed") {
  region_driver_core driver{
      *partition::make({{10, 10}, 1, 1, 1}), 0, {}, {{.iterations_max = 1}, 0}};
  const auto run_once = [&] {
    driver.begin(0, {});
    work_off(driver);
    driver.verdict_came(0, {25.0});
    const auto row = driver.cells().row(0);
    return std::vector<double>(row.begin(), row.end());
  };
  CHECK(run_once() == run_once());
}

} // namespace weft::heat::test
