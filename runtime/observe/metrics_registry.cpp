#include "runtime/observe/metrics_registry.hpp"

#include "runtime/observe/metric_names.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <map>
#include <mutex>
#include <variant>

namespace weft::observe {

namespace {

constexpr const char* dropped_name = "weft_metrics_dropped_series_total";
constexpr const char* dropped_help =
    "Series that were not registered because a limit was reached.";

/// The bounds of exported buckets, in nanoseconds: 1-2-5 steps from 1 us to
/// 50 s, which covers a local message as well as a slow start.
constexpr std::array<std::uint64_t, 24> bounds_ns = [] {
  std::array<std::uint64_t, 24> bounds{};
  std::uint64_t decade = 1'000;
  for (std::size_t i = 0; i < bounds.size(); i += 3, decade *= 10) {
    bounds[i] = decade;
    bounds[i + 1] = 2 * decade;
    bounds[i + 2] = 5 * decade;
  }
  return bounds;
}();

struct watched {
  std::mutex guard;
  metrics_registry::callback read;
};

using counter_cell = std::shared_ptr<std::atomic<std::uint64_t>>;
using gauge_cell = std::shared_ptr<std::atomic<double>>;
using latency_cell = std::shared_ptr<concurrent_histogram>;
using watched_cell = std::shared_ptr<watched>;
using cell = std::variant<counter_cell, gauge_cell, latency_cell, watched_cell>;

struct stored_family {
  std::string help;
  metric_kind kind;
  std::map<metric_labels, cell> series;
};

double read_of(watched& from) {
  const std::lock_guard lock{from.guard};
  try {
    return from.read ? from.read() : std::numeric_limits<double>::quiet_NaN();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

histogram_sample sample_of(const histogram& from) {
  histogram_sample sample;
  sample.count = from.count();
  sample.sum_seconds = from.sum() / 1e9;
  sample.at_most.reserve(bounds_ns.size());
  for (const auto bound : bounds_ns)
    sample.at_most.emplace_back(static_cast<double>(bound) / 1e9,
                                from.count_at_most(bound));
  return sample;
}

decltype(metric_sample::value) value_of(const cell& from) {
  if (const auto* count = std::get_if<counter_cell>(&from))
    return (*count)->load(std::memory_order_relaxed);
  if (const auto* level = std::get_if<gauge_cell>(&from))
    return (*level)->load(std::memory_order_relaxed);
  if (const auto* times = std::get_if<latency_cell>(&from))
    return sample_of((*times)->snapshot());
  return read_of(*std::get<watched_cell>(from));
}

} // namespace

struct metrics_registry::state {
  explicit state(metrics_limits limits) : limits(limits) {}

  /// The series, made by `make` if it is new. Null where a limit forbids it.
  result<cell*> find_or_make(metric_kind kind, const std::string& name,
                             const std::string& help,
                             const metric_labels& labels,
                             const std::function<cell()>& make, bool& is_new);
  bool remove(const std::string& name, const metric_labels& labels,
              const watched* only);

  const metrics_limits limits;
  mutable std::mutex guard;
  std::map<std::string, stored_family> families;
  std::size_t series_count = 0;
  std::size_t histogram_count = 0;
  counter_cell dropped = std::make_shared<std::atomic<std::uint64_t>>(0);
};

result<cell*> metrics_registry::state::find_or_make(
    metric_kind kind, const std::string& name, const std::string& help,
    const metric_labels& labels, const std::function<cell()>& make,
    bool& is_new) {
  is_new = false;
  auto family = families.find(name);
  if (family != families.end()) {
    auto& known = family->second;
    if (known.kind != kind || known.help != help)
      return fail(errc::already_exists,
                  fmt::format("metric \"{}\" exists as {} \"{}\", it cannot be "
                              "{} \"{}\" as well: use another name",
                              name, to_string(known.kind), known.help,
                              to_string(kind), help));
    if (auto found = known.series.find(labels); found != known.series.end())
      return &found->second;
  }
  is_new = true;
  const bool heavy = kind == metric_kind::histogram;
  if (series_count >= limits.series_max
      || (heavy && histogram_count >= limits.histograms_max)) {
    dropped->fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  if (family == families.end())
    family = families.emplace(name, stored_family{help, kind, {}}).first;
  ++series_count;
  histogram_count += heavy ? 1 : 0;
  return &family->second.series.emplace(labels, make()).first->second;
}

bool metrics_registry::state::remove(const std::string& name,
                                     const metric_labels& labels,
                                     const watched* only) {
  const std::lock_guard lock{guard};
  const auto family = families.find(name);
  if (family == families.end())
    return false;
  const auto found = family->second.series.find(labels);
  if (found == family->second.series.end())
    return false;
  const auto* callback = std::get_if<watched_cell>(&found->second);
  if (only && (!callback || callback->get() != only))
    return false;
  --series_count;
  histogram_count -= family->second.kind == metric_kind::histogram ? 1 : 0;
  family->second.series.erase(found);
  if (family->second.series.empty())
    families.erase(family);
  return true;
}

namespace {

result<void> check(metric_kind kind, const std::string& name,
                   const std::string& help, const metric_labels& labels) {
  if (name == dropped_name)
    return fail(errc::already_exists,
                fmt::format("metric \"{}\" is the registry's own", name));
  if (auto checked = check_metric(kind, name, help); !checked)
    return checked;
  return check_labels(name, labels);
}

/// A handle to the series, or one that counts nowhere.
template <class Handle, class Cell, class State>
result<Handle> make_handle(State& state, metric_kind kind,
                           const std::string& name, const std::string& help,
                           const metric_labels& labels) {
  using value_type = typename Cell::element_type;
  if (auto checked = check(kind, name, help, labels); !checked)
    return pass_on(checked);
  const std::lock_guard lock{state.guard};
  bool is_new = false;
  auto found = state.find_or_make(
      kind, name, help, labels,
      [] { return cell{std::make_shared<value_type>()}; }, is_new);
  if (!found)
    return pass_on(found);
  if (!*found)
    return Handle{};
  if (const auto* existing = std::get_if<Cell>(*found))
    return Handle{*existing};
  return fail(errc::already_exists,
              fmt::format("metric \"{}\" is read by a callback, it cannot be "
                          "set as well",
                          name));
}

} // namespace

callback_registration::~callback_registration() {
  if (unregister_)
    (*unregister_)();
}

callback_registration&
callback_registration::operator=(callback_registration&& other) noexcept {
  // Only now may the callback that is replaced end, not at a later swap.
  const auto replaced =
      std::exchange(unregister_, std::move(other.unregister_));
  if (replaced)
    (*replaced)();
  return *this;
}

metrics_registry::metrics_registry(metrics_limits limits)
    : state_(std::make_shared<state>(limits)) {}

metrics_registry::~metrics_registry() = default;

result<counter> metrics_registry::make_counter(const std::string& name,
                                               const std::string& help,
                                               const metric_labels& labels) {
  return make_handle<counter, counter_cell>(*state_, metric_kind::counter, name,
                                            help, labels);
}

result<gauge> metrics_registry::make_gauge(const std::string& name,
                                           const std::string& help,
                                           const metric_labels& labels) {
  return make_handle<gauge, gauge_cell>(*state_, metric_kind::gauge, name, help,
                                        labels);
}

result<latency> metrics_registry::make_latency(const std::string& name,
                                               const std::string& help,
                                               const metric_labels& labels) {
  return make_handle<latency, latency_cell>(*state_, metric_kind::histogram,
                                            name, help, labels);
}

result<callback_registration>
metrics_registry::watch(metric_kind kind, const std::string& name,
                        const std::string& help, const metric_labels& labels,
                        callback read) {
  if (kind == metric_kind::histogram)
    return fail(errc::invalid_argument,
                fmt::format("metric \"{}\": a callback reads a counter or a "
                            "gauge, not a histogram",
                            name));
  if (auto checked = check(kind, name, help, labels); !checked)
    return pass_on(checked);
  auto slot = std::make_shared<watched>();
  slot->read = std::move(read);
  bool is_new = false;
  {
    const std::lock_guard lock{state_->guard};
    auto found = state_->find_or_make(
        kind, name, help, labels, [&] { return cell{slot}; }, is_new);
    if (!found)
      return pass_on(found);
  }
  if (!is_new)
    return fail(errc::already_exists,
                fmt::format("metric \"{}\" has a series with these labels "
                            "already",
                            name));
  return callback_registration{
      [weak = std::weak_ptr{state_}, slot, name, labels] {
        if (const auto registry = weak.lock())
          registry->remove(name, labels, slot.get());
        const std::lock_guard lock{slot->guard};
        slot->read = nullptr;
      }};
}

bool metrics_registry::remove(const std::string& name,
                              const metric_labels& labels) {
  return state_->remove(name, labels, nullptr);
}

std::vector<metric_family> metrics_registry::collect() const {
  // Callbacks run without the lock, so that they may make metrics.
  std::map<std::string, stored_family> now;
  {
    const std::lock_guard lock{state_->guard};
    now = state_->families;
  }
  now.emplace(dropped_name,
              stored_family{dropped_help,
                            metric_kind::counter,
                            {{metric_labels{}, cell{state_->dropped}}}});
  std::vector<metric_family> families;
  families.reserve(now.size());
  for (auto& [name, from] : now) {
    metric_family family{name, from.help, from.kind, {}};
    for (const auto& [labels, source] : from.series)
      family.samples.push_back({labels, value_of(source)});
    families.push_back(std::move(family));
  }
  return families;
}

} // namespace weft::observe
