#pragma once

#include "runtime/base/result.hpp"
#include "runtime/observe/metric_family.hpp"
#include "runtime/observe/metrics.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weft::observe {

struct metrics_limits {
  /// Series of all metrics together.
  std::size_t series_max = 10'000;
  /// Of these, histograms: 56 KiB each.
  std::size_t histograms_max = 256;
};

/// Keeps a callback in its registry for as long as it lives. Its destructor
/// returns when the callback is not running and never will again; it must not
/// run inside that callback. Movable only.
class callback_registration {
public:
  callback_registration() = default;
  ~callback_registration();
  callback_registration(callback_registration&&) noexcept = default;
  callback_registration& operator=(callback_registration&& other) noexcept;

private:
  friend class metrics_registry;
  explicit callback_registration(std::function<void()> unregister)
      : unregister_(
          std::make_unique<std::function<void()>>(std::move(unregister))) {}

  std::unique_ptr<std::function<void()>> unregister_;
};

/// The metrics of one process, by name and labels.
///
/// Asking twice for the same series gives handles to the same number. A name
/// has one kind and one help text. Over a limit the series is dropped: its
/// handle counts nowhere, and the registry's own counter
/// `weft_metrics_dropped_series_total` grows.
///
/// Threads: any. Making, removing and collecting take a lock; using a handle
/// never does.
class metrics_registry {
public:
  using callback = std::function<double()>;

  explicit metrics_registry(metrics_limits limits = {});
  ~metrics_registry();
  metrics_registry(const metrics_registry&) = delete;
  metrics_registry& operator=(const metrics_registry&) = delete;

  /// Fail with `invalid_argument` by the rules of metric_names.hpp, and with
  /// `already_exists` when the name has another kind or help text, or the
  /// series is a callback.
  result<counter> make_counter(const std::string& name, const std::string& help,
                               const metric_labels& labels = {});
  result<gauge> make_gauge(const std::string& name, const std::string& help,
                           const metric_labels& labels = {});
  result<latency> make_latency(const std::string& name, const std::string& help,
                               const metric_labels& labels = {});

  /// Registers a function that is asked at every `collect`, on its thread;
  /// one that throws reads as NaN. It must not block, and not touch its own
  /// registration. `kind` is `counter` or `gauge`. Fails like the above, and
  /// with `already_exists` for every series that exists.
  result<callback_registration> watch(metric_kind kind, const std::string& name,
                                      const std::string& help,
                                      const metric_labels& labels,
                                      callback read);

  /// Takes a series out; its handles go on counting unseen. Returns whether
  /// it was there. A name whose last series goes is free for a new meaning.
  bool remove(const std::string& name, const metric_labels& labels);

  /// All metrics now, sorted by name and labels. Cost: linear, and 7,169
  /// buckets a histogram.
  std::vector<metric_family> collect() const;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace weft::observe
