#pragma once

#include <nlohmann/json.hpp>

#include <chrono>

namespace weft {

/// What a job is doing: its own work, or talking to others.
enum class job_phase : unsigned char { other, compute, coordinate };

/// Divides the time of a job into computing and coordinating. The ratio of the
/// two is the job's granularity: below 1 it is spent mostly on messages, and
/// larger pieces of work would make it faster. Pure; not thread-safe.
class granularity_meter {
public:
  using clock = std::chrono::steady_clock;

  explicit granularity_meter(clock::time_point start) : since_{start} {}

  /// Ends the present phase at `now` and begins another; returns the one that
  /// ended, so that phases can be nested: the inner one's time is its own.
  job_phase enter(job_phase next, clock::time_point now);

  /// {compute_seconds, coordinate_seconds, ratio} up to `now`. A job that
  /// never marked anything as compute has computed whenever it did not
  /// coordinate. The ratio is null when nothing was coordinated.
  nlohmann::json report(clock::time_point now) const;

private:
  clock::time_point since_;
  job_phase phase_ = job_phase::other;
  bool marked_compute_ = false;
  clock::duration spent_[3]{};
};

} // namespace weft
