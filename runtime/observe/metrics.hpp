#pragma once

#include "runtime/observe/histogram.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace weft::observe {

/// A handle to a number that only grows. Handles are cheap to copy, stay
/// usable after their registry is gone, and may be used from any thread
/// without locks. One made by its default constructor counts nowhere.
class counter {
public:
  counter() = default;
  explicit counter(std::shared_ptr<std::atomic<std::uint64_t>> cell) noexcept
      : cell_(std::move(cell)) {}

  void add(std::uint64_t amount = 1) noexcept {
    if (cell_)
      cell_->fetch_add(amount, std::memory_order_relaxed);
  }

  std::uint64_t value() const noexcept {
    return cell_ ? cell_->load(std::memory_order_relaxed) : 0;
  }

private:
  std::shared_ptr<std::atomic<std::uint64_t>> cell_;
};

/// A handle to a number that goes up and down; else like `counter`.
class gauge {
public:
  gauge() = default;
  explicit gauge(std::shared_ptr<std::atomic<double>> cell) noexcept
      : cell_(std::move(cell)) {}

  void set(double value) noexcept {
    if (cell_)
      cell_->store(value, std::memory_order_relaxed);
  }

  /// Adds `amount`, which may be negative.
  void add(double amount) noexcept {
    if (cell_)
      cell_->fetch_add(amount, std::memory_order_relaxed);
  }

  double value() const noexcept {
    return cell_ ? cell_->load(std::memory_order_relaxed) : 0;
  }

private:
  std::shared_ptr<std::atomic<double>> cell_;
};

/// A handle to a distribution of latencies; else like `counter`.
class latency {
public:
  latency() = default;
  explicit latency(std::shared_ptr<concurrent_histogram> cell) noexcept
      : cell_(std::move(cell)) {}

  void record(std::chrono::nanoseconds value) noexcept {
    if (cell_)
      cell_->record(value);
  }

  /// A copy to read quantiles from. Cost: 56 KiB.
  histogram snapshot() const { return cell_ ? cell_->snapshot() : histogram{}; }

private:
  std::shared_ptr<concurrent_histogram> cell_;
};

} // namespace weft::observe
