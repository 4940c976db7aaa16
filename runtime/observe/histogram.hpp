#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace weft::observe {

/// The buckets that all histograms share: log-linear, as in Tene's
/// HdrHistogram (G. Tene, hdrhistogram.org, 2012). Each power of two is cut
/// into 128 equal buckets, so that a value and the ends of its bucket differ
/// by less than 1/128 of the value; below 256 buckets are single values.
namespace histogram_layout {

inline constexpr unsigned sub_bucket_bits = 7;
inline constexpr std::uint64_t value_max = std::uint64_t{1} << 62;
inline constexpr std::size_t bucket_count =
    ((62 - sub_bucket_bits + 1) << sub_bucket_bits) + 1;

/// The bucket of `value`; values over `value_max` go to the last one.
std::size_t index_of(std::uint64_t value) noexcept;
/// The smallest value of a bucket.
std::uint64_t lowest_of(std::size_t index) noexcept;
/// The largest value of a bucket.
std::uint64_t highest_of(std::size_t index) noexcept;

} // namespace histogram_layout

/// How often which value occurred, in fixed memory (56 KiB), for values from 0
/// to 2^62: nanoseconds by convention (146 years). What it reports lies within
/// 1/128 of the exact answer; minimum, maximum and count are exact.
///
/// Threads: none; one writer, or readers only. `concurrent_histogram` is the
/// one for many writers.
class histogram {
public:
  histogram();

  /// Counts `value`, as often as `times`. Over 2^62 it counts as 2^62.
  void record(std::uint64_t value, std::uint64_t times = 1) noexcept;
  /// Counts a latency; a negative one (a clock stepped back) as 0.
  void record(std::chrono::nanoseconds value) noexcept;

  /// Adds the samples of another one. Cost: all buckets.
  void merge(const histogram& other) noexcept;
  void clear() noexcept;

  std::uint64_t count() const noexcept { return count_; }
  /// Exact up to 2^53, then rounded as doubles are.
  double sum() const noexcept { return sum_; }
  /// The arithmetic mean of the exact values; 0 if empty.
  double mean() const noexcept;
  /// 0 if empty.
  std::uint64_t min() const noexcept;
  std::uint64_t max() const noexcept { return max_; }

  /// The value that at least the share `quantile` (0 to 1, clamped) of all
  /// samples does not exceed: of the bucket where rank ceil(quantile x count)
  /// falls the largest value, but never more than `max()`; of rank 1 `min()`; 0
  /// if empty. At most 1/128 above the exact one, never below. Cost: all
  /// buckets.
  std::uint64_t at_quantile(double quantile) const noexcept;

  /// How many samples are at most `value`, counting its bucket as a whole.
  /// Cost: all buckets.
  std::uint64_t count_at_most(std::uint64_t value) const noexcept;

private:
  friend class concurrent_histogram;

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::uint64_t min_ = UINT64_MAX;
  std::uint64_t max_ = 0;
};

/// The same for any number of writers: `record` is lock-free (one atomic
/// addition each for the bucket and the sum, more only for a new extreme).
class concurrent_histogram {
public:
  concurrent_histogram();

  void record(std::uint64_t value) noexcept;
  void record(std::chrono::nanoseconds value) noexcept;

  /// A copy to read from. Samples recorded meanwhile may be missing, or be
  /// missing from the sum alone; count and buckets agree, and `max()` and
  /// `min()` bound every sample of it.
  histogram snapshot() const;

private:
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
  std::atomic<double> sum_{0};
  std::atomic<std::uint64_t> min_{UINT64_MAX};
  std::atomic<std::uint64_t> max_{0};
};

} // namespace weft::observe
