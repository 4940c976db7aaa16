#include "runtime/observe/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

namespace weft::observe {

namespace {

constexpr std::uint64_t value_max = histogram_layout::value_max;

/// The exact answer, by the definition in the header.
std::uint64_t exact_quantile(const std::vector<std::uint64_t>& sorted,
                             double quantile) {
  const auto rank = std::ceil(quantile * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

/// Values of all magnitudes, most of them small.
std::vector<std::uint64_t> random_values(std::mt19937_64& random,
                                         std::size_t count) {
  std::vector<std::uint64_t> values;
  std::uniform_int_distribution<int> bits{0, 62};
  while (values.size() < count)
    values.push_back(std::min(
        random() & ((std::uint64_t{1} << bits(random)) * 2 - 1), value_max));
  return values;
}

} // namespace

TEST_CASE("the buckets tile the whole range without gap or overlap") {
  using namespace histogram_layout;
  CHECK(lowest_of(0) == 0);
  for (std::size_t i = 0; i < bucket_count; ++i) {
    REQUIRE(lowest_of(i) <= highest_of(i));
    REQUIRE(index_of(lowest_of(i)) == i);
    REQUIRE(index_of(highest_of(i)) == i);
    if (i + 1 < bucket_count)
      REQUIRE(highest_of(i) + 1 == lowest_of(i + 1));
    // The stated error: a bucket is at most 1/128 of its values wide.
    REQUIRE((highest_of(i) - lowest_of(i)) <= lowest_of(i) / 128);
  }
  CHECK(highest_of(bucket_count - 1) == histogram_layout::value_max);
  CHECK(index_of(UINT64_MAX) == bucket_count - 1);
}

TEST_CASE("an empty histogram reports zeros") {
  const histogram empty;
  CHECK(empty.count() == 0);
  CHECK(empty.min() == 0);
  CHECK(empty.max() == 0);
  CHECK(empty.mean() == 0);
  CHECK(empty.at_quantile(0.5) == 0);
  CHECK(empty.count_at_most(value_max) == 0);
}

TEST_CASE("quantiles lie within 1/128 above the exact ones") {
  const auto seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 40; ++round) {
    auto values = random_values(random, 1 + random() % 3'000);
    histogram measured;
    double sum = 0;
    for (const auto value : values) {
      measured.record(value);
      sum += static_cast<double>(value);
    }
    std::sort(values.begin(), values.end());
    CHECK(measured.count() == values.size());
    CHECK(measured.min() == values.front());
    CHECK(measured.max() == values.back());
    CHECK(measured.mean()
          == doctest::Approx(sum / static_cast<double>(values.size())));
    for (const double quantile : {0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto exact = exact_quantile(values, quantile);
      const auto reported = measured.at_quantile(quantile);
      INFO("quantile ", quantile, " of ", values.size());
      CHECK(reported >= exact);
      CHECK(reported - exact <= exact / 128);
    }
  }
}

TEST_CASE("values below 256 are counted one by one") {
  histogram measured;
  for (std::uint64_t value = 0; value < 256; ++value)
    measured.record(value, value + 1);
  CHECK(measured.count() == 256 * 257 / 2);
  for (std::uint64_t value = 0; value < 256; ++value)
    CHECK(measured.count_at_most(value) == (value + 1) * (value + 2) / 2);
}

TEST_CASE("what is out of range counts as the nearest end") {
  histogram measured;
  measured.record(std::chrono::nanoseconds{-5});
  measured.record(UINT64_MAX);
  measured.record(7, 0);
  CHECK(measured.count() == 2);
  CHECK(measured.min() == 0);
  CHECK(measured.max() == value_max);
  CHECK(measured.at_quantile(-1) == 0);
  CHECK(measured.at_quantile(std::nan("")) == 0);
  CHECK(measured.at_quantile(2) == value_max);
}

TEST_CASE("merged histograms report as one that saw all samples") {
  const auto seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937_64 random{seed};
  histogram left, right, both;
  for (const auto value : random_values(random, 2'000)) {
    (random() % 2 ? left : right).record(value);
    both.record(value);
  }
  left.merge(right);
  CHECK(left.count() == both.count());
  CHECK(left.sum() == doctest::Approx(both.sum()));
  CHECK(left.min() == both.min());
  CHECK(left.max() == both.max());
  for (const double quantile : {0.1, 0.5, 0.99, 1.0})
    CHECK(left.at_quantile(quantile) == both.at_quantile(quantile));
  left.clear();
  CHECK(left.count() == 0);
  CHECK(left.min() == 0);
}

TEST_CASE("no sample of concurrent writers is lost, and snapshots agree") {
  concurrent_histogram measured;
  constexpr std::uint64_t each = 20'000;
  {
    std::vector<std::jthread> writers;
    for (std::uint64_t writer = 0; writer < 4; ++writer)
      writers.emplace_back([&measured, writer] {
        for (std::uint64_t i = 1; i <= each; ++i)
          measured.record(i * (writer + 1));
      });
    for (int i = 0; i < 20; ++i) {
      const auto seen = measured.snapshot();
      CHECK(seen.count_at_most(value_max) == seen.count());
      CHECK(seen.at_quantile(1) <= seen.max());
      CHECK(seen.min() <= seen.max());
    }
  }
  const auto end = measured.snapshot();
  CHECK(end.count() == 4 * each);
  CHECK(end.min() == 1);
  CHECK(end.max() == 4 * each);
  CHECK(end.sum() == 10.0 * each * (each + 1) / 2);
}

} // namespace weft::observe
