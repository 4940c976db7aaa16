#include "apps/bench/samples.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <random>

namespace weft::bench {

TEST_CASE("a series has its least, its middle, its most and its spread") {
  const auto of = summarize({5, 1, 9, 2, 4});
  REQUIRE(of);
  CHECK(of->min == 1);
  CHECK(of->median == 4);
  CHECK(of->max == 9);
  // Deviations from 4: 1 3 5 2 0.
  CHECK(of->mad == 2);
  CHECK(of->runs == std::vector<double>{5, 1, 9, 2, 4});
}

TEST_CASE("one run is its own least, middle and most, without a spread") {
  const auto of = summarize({7.5});
  REQUIRE(of);
  CHECK(of->min == 7.5);
  CHECK(of->median == 7.5);
  CHECK(of->max == 7.5);
  CHECK(of->mad == 0);
}

TEST_CASE("the median of an even number is between the middle two") {
  CHECK(median_of({4, 1, 3, 2}) == 2.5);
  CHECK(median_of({8, 2}) == 5);
}

TEST_CASE("no runs, nothing and nonsense are refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(summarize({}).error().code == errc::invalid_argument);
  for (const double wrong : {0.0, -1.0, infinity, nan}) {
    const auto of = summarize({1, wrong, 2});
    REQUIRE_FALSE(of);
    CHECK(of.error().code == errc::invalid_argument);
    CHECK(of.error().message.find("above zero") != std::string::npos);
  }
}

TEST_CASE("one wild run moves neither the median nor the spread") {
  const auto calm = summarize({10, 11, 9, 10, 10});
  const auto wild = summarize({10, 11, 9, 10, 10'000});
  REQUIRE(calm);
  REQUIRE(wild);
  CHECK(wild->median == calm->median);
  CHECK(wild->mad <= 1);
  CHECK(wild->max == 10'000);
}

TEST_CASE("a quantile is one of the values, the first that enough reach") {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(quantile_of_sorted(values, 0) == 1);
  CHECK(quantile_of_sorted(values, 0.5) == 5);
  CHECK(quantile_of_sorted(values, 0.51) == 6);
  CHECK(quantile_of_sorted(values, 0.99) == 10);
  CHECK(quantile_of_sorted(values, 1) == 10);
  CHECK(quantile_of_sorted({3}, 0.99) == 3);
}

TEST_CASE("above one is always better for us") {
  CHECK(advantage(better::higher, 300, 100) == 3);
  CHECK(advantage(better::lower, 100, 300) == 3);
  CHECK(advantage(better::higher, 100, 200) == 0.5);
  CHECK(advantage(better::lower, 200, 100) == 0.5);
}

TEST_CASE("a summary does not depend on the order of the runs") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  std::uniform_real_distribution<double> any{0.001, 1000};
  for (int round = 0; round < 200; ++round) {
    std::vector<double> runs(1 + random() % 20);
    for (auto& run : runs)
      run = any(random);
    const auto first = summarize(runs);
    std::shuffle(runs.begin(), runs.end(), random);
    const auto second = summarize(runs);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->median == second->median);
    CHECK(first->mad == second->mad);
    CHECK(first->min <= first->median);
    CHECK(first->median <= first->max);
    CHECK(first->mad <= first->max - first->min);
  }
}

TEST_CASE("a summary's JSON has all of it") {
  const auto json = to_json(*summarize({2, 4}));
  CHECK(json
        == nlohmann::json{{"min", 2.0},
                          {"median", 3.0},
                          {"max", 4.0},
                          {"mad", 1.0},
                          {"runs", {2.0, 4.0}}});
}

} // namespace weft::bench
