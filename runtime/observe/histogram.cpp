#include "runtime/observe/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weft::observe {

namespace histogram_layout {

namespace {

constexpr std::uint64_t sub_buckets = std::uint64_t{1} << sub_bucket_bits;

} // namespace

std::size_t index_of(std::uint64_t value) noexcept {
  value = std::min(value, value_max);
  if (value < sub_buckets)
    return value;
  const auto shift =
      static_cast<unsigned>(std::bit_width(value)) - sub_bucket_bits - 1;
  return (static_cast<std::size_t>(shift) << sub_bucket_bits)
         + static_cast<std::size_t>(value >> shift);
}

std::uint64_t lowest_of(std::size_t index) noexcept {
  if (index < 2 * sub_buckets)
    return index;
  const auto shift = (index >> sub_bucket_bits) - 1;
  return (index - (shift << sub_bucket_bits)) << shift;
}

std::uint64_t highest_of(std::size_t index) noexcept {
  return index + 1 >= bucket_count ? value_max : lowest_of(index + 1) - 1;
}

} // namespace histogram_layout

namespace {

std::uint64_t count_of(std::chrono::nanoseconds value) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
}

} // namespace

histogram::histogram() : buckets_(histogram_layout::bucket_count) {}

void histogram::record(std::uint64_t value, std::uint64_t times) noexcept {
  if (times == 0)
    return;
  value = std::min(value, histogram_layout::value_max);
  buckets_[histogram_layout::index_of(value)] += times;
  count_ += times;
  sum_ += static_cast<double>(value) * static_cast<double>(times);
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void histogram::record(std::chrono::nanoseconds value) noexcept {
  record(count_of(value));
}

void histogram::merge(const histogram& other) noexcept {
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void histogram::clear() noexcept {
  std::fill(buckets_.begin(), buckets_.end(), 0);
  count_ = 0;
  sum_ = 0;
  min_ = UINT64_MAX;
  max_ = 0;
}

double histogram::mean() const noexcept {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

std::uint64_t histogram::min() const noexcept {
  return count_ == 0 ? 0 : min_;
}

std::uint64_t histogram::at_quantile(double quantile) const noexcept {
  if (count_ == 0)
    return 0;
  // The negated comparison sends NaN to 0 as well.
  const auto share = !(quantile > 0) ? 0.0 : std::min(quantile, 1.0);
  const auto exact = std::ceil(share * static_cast<double>(count_));
  if (exact <= 1)
    return min_;
  const auto rank = exact >= static_cast<double>(count_)
                        ? count_
                        : static_cast<std::uint64_t>(exact);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank)
      return std::min(histogram_layout::highest_of(i), max_);
  }
  return max_;
}

std::uint64_t histogram::count_at_most(std::uint64_t value) const noexcept {
  const auto last = histogram_layout::index_of(value);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i <= last; ++i)
    seen += buckets_[i];
  return seen;
}

concurrent_histogram::concurrent_histogram()
    : buckets_(std::make_unique<std::atomic<std::uint64_t>[]>(
        histogram_layout::bucket_count)) {}

void concurrent_histogram::record(std::uint64_t value) noexcept {
  value = std::min(value, histogram_layout::value_max);
  sum_.fetch_add(static_cast<double>(value), std::memory_order_relaxed);
  auto low = min_.load(std::memory_order_relaxed);
  while (
      value < low
      && !min_.compare_exchange_weak(low, value, std::memory_order_relaxed)) {
  }
  auto high = max_.load(std::memory_order_relaxed);
  while (
      value > high
      && !max_.compare_exchange_weak(high, value, std::memory_order_relaxed)) {
  }
  // Last, and with release: who sees the sample in its bucket sees the
  // extremes that cover it.
  buckets_[histogram_layout::index_of(value)].fetch_add(
      1, std::memory_order_release);
}

void concurrent_histogram::record(std::chrono::nanoseconds value) noexcept {
  record(count_of(value));
}

histogram concurrent_histogram::snapshot() const {
  histogram copy;
  for (std::size_t i = 0; i < histogram_layout::bucket_count; ++i) {
    const auto seen = buckets_[i].load(std::memory_order_acquire);
    copy.buckets_[i] = seen;
    copy.count_ += seen;
  }
  if (copy.count_ == 0)
    return copy;
  copy.sum_ = sum_.load(std::memory_order_relaxed);
  copy.min_ = min_.load(std::memory_order_relaxed);
  copy.max_ = max_.load(std::memory_order_relaxed);
  return copy;
}

} // namespace weft::observe
