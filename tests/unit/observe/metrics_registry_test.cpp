#include "runtime/observe/metrics_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <thread>

namespace weft::observe {

namespace {

using value_type = decltype(metric_sample::value);

std::optional<value_type> value_in(const metrics_registry& registry,
                                   const std::string& name,
                                   const metric_labels& labels = {}) {
  for (const auto& family : registry.collect())
    for (const auto& sample : family.samples)
      if (family.name == name && sample.labels == labels)
        return sample.value;
  return std::nullopt;
}

std::uint64_t dropped_in(const metrics_registry& registry) {
  return std::get<std::uint64_t>(
      *value_in(registry, "weft_metrics_dropped_series_total"));
}

} // namespace

TEST_CASE("the same name and labels lead to the same number") {
  metrics_registry registry;
  auto first = *registry.make_counter("a_total", "A.", {{"peer", "n2"}});
  auto second = *registry.make_counter("a_total", "A.", {{"peer", "n2"}});
  auto other = *registry.make_counter("a_total", "A.", {{"peer", "n3"}});
  first.add(2);
  second.add();
  other.add(7);
  CHECK(first.value() == 3);
  CHECK(value_in(registry, "a_total", {{"peer", "n2"}})
        == value_type{std::uint64_t{3}});
  CHECK(value_in(registry, "a_total", {{"peer", "n3"}})
        == value_type{std::uint64_t{7}});
}

TEST_CASE("a gauge goes both ways and a latency is counted in seconds") {
  metrics_registry registry;
  auto level = *registry.make_gauge("queue_messages", "Q.");
  level.set(5);
  level.add(-1.5);
  CHECK(value_in(registry, "queue_messages") == value_type{3.5});
  auto times = *registry.make_latency("call_seconds", "C.");
  times.record(std::chrono::milliseconds{3});
  times.record(std::chrono::minutes{2});
  CHECK(times.snapshot().count() == 2);
  const auto seen =
      std::get<histogram_sample>(*value_in(registry, "call_seconds"));
  CHECK(seen.count == 2);
  CHECK(seen.sum_seconds == doctest::Approx(120.003));
  REQUIRE(seen.at_most.size() == 24);
  CHECK(seen.at_most.front() == std::pair{1e-6, std::uint64_t{0}});
  CHECK(seen.at_most.back() == std::pair{50.0, std::uint64_t{1}});
}

TEST_CASE("a name keeps its kind and its help text") {
  metrics_registry registry;
  auto one = *registry.make_gauge("level", "L.");
  const auto other_help = registry.make_gauge("level", "Other.");
  REQUIRE_FALSE(other_help);
  CHECK(other_help.error().code == errc::already_exists);
  CHECK(other_help.error().message.find("gauge \"L.\"") != std::string::npos);
  const auto watched =
      registry.watch(metric_kind::gauge, "level", "L.", {}, [] { return 1.0; });
  REQUIRE_FALSE(watched);
  CHECK(watched.error().code == errc::already_exists);
  CHECK_FALSE(
      registry.watch(metric_kind::histogram, "x_seconds", "X.", {}, nullptr));
  CHECK_FALSE(registry.make_counter("weft_metrics_dropped_series_total", "D."));
}

TEST_CASE("names and labels outside Prometheus' conventions are refused") {
  metrics_registry registry;
  for (const auto* name : {"", "9_total", "A_total", "a-b_total", "a b_total",
                           "count", "_x_total", "a\n_total"}) {
    const auto made = registry.make_counter(name, "Help.");
    REQUIRE_MESSAGE(!made, name);
    CHECK(made.error().code == errc::invalid_argument);
  }
  CHECK_FALSE(registry.make_gauge("a_total", "Help."));
  CHECK_FALSE(registry.make_latency("a_bytes", "Help."));
  CHECK_FALSE(registry.make_gauge("a", ""));
  CHECK_FALSE(registry.make_gauge("a", "\xff"));
  CHECK_FALSE(registry.make_gauge(std::string(129, 'a'), "Help."));
  for (const auto* label : {"", "1a", "a-b", "__name", "le", "quantile"})
    CHECK_MESSAGE(!registry.make_gauge("a", "Help.", {{label, "v"}}), label);
  CHECK_FALSE(
      registry.make_gauge("a", "Help.", {{"x", std::string(257, 'v')}}));
  CHECK_FALSE(registry.make_gauge("a", "Help.", {{"x", "\xc3"}}));
  metric_labels many;
  for (char c = 'a'; c < 'a' + 17; ++c)
    many.emplace(std::string{c}, "v");
  CHECK_FALSE(registry.make_gauge("a", "Help.", many));
  many.erase("a");
  CHECK(registry.make_gauge("a", "Help.", many));
}

TEST_CASE("series over the limit are dropped and counted") {
  metrics_registry registry{{.series_max = 3, .histograms_max = 1}};
  CHECK(registry.make_latency("a_seconds", "A."));
  auto second_histogram = *registry.make_latency("b_seconds", "B.");
  second_histogram.record(std::chrono::seconds{1});
  CHECK(dropped_in(registry) == 1);
  CHECK(registry.make_counter("a_total", "A.", {{"i", "1"}}));
  CHECK(registry.make_counter("a_total", "A.", {{"i", "2"}}));
  auto lost = *registry.make_counter("a_total", "A.", {{"i", "3"}});
  lost.add();
  CHECK(dropped_in(registry) == 2);
  CHECK(value_in(registry, "a_total", {{"i", "3"}}) == std::nullopt);
  CHECK(value_in(registry, "b_seconds") == std::nullopt);
  // A series that exists is no new one, also when the limit is reached.
  CHECK(registry.make_counter("a_total", "A.", {{"i", "1"}}));
  CHECK(dropped_in(registry) == 2);
  // Room that becomes free is used.
  CHECK(registry.remove("a_total", {{"i", "1"}}));
  CHECK_FALSE(registry.remove("a_total", {{"i", "1"}}));
  CHECK_FALSE(registry.remove("none", {}));
  CHECK(registry.make_counter("a_total", "A.", {{"i", "3"}}));
  CHECK(dropped_in(registry) == 2);
}

TEST_CASE("a removed name is free for another meaning") {
  metrics_registry registry;
  auto old = *registry.make_gauge("level", "Old.");
  CHECK(registry.remove("level", {}));
  old.set(1);
  CHECK(registry.make_gauge("level", "New."));
  CHECK(value_in(registry, "level") == value_type{0.0});
}

TEST_CASE("a callback is asked at each collection until it is unregistered") {
  metrics_registry registry;
  int asked = 0;
  auto kept = *registry.watch(metric_kind::gauge, "level", "L.", {},
                              [&asked] { return ++asked + 0.5; });
  CHECK(value_in(registry, "level") == value_type{1.5});
  CHECK(value_in(registry, "level") == value_type{2.5});
  CHECK_FALSE(registry.make_gauge("level", "L."));
  kept = callback_registration{};
  CHECK(value_in(registry, "level") == std::nullopt);
  CHECK(asked == 2);
}

TEST_CASE("a callback that throws reads as not-a-number") {
  metrics_registry registry;
  auto kept =
      *registry.watch(metric_kind::gauge, "level", "L.", {},
                      []() -> double { throw std::runtime_error{"x"}; });
  CHECK(std::isnan(std::get<double>(*value_in(registry, "level"))));
}

TEST_CASE("a callback may make metrics, and outlive its registry") {
  std::optional<callback_registration> kept;
  {
    metrics_registry registry;
    kept = *registry.watch(metric_kind::gauge, "level", "L.", {}, [&registry] {
      registry.make_counter("asked_total", "A.")->add();
      return 1.0;
    });
    registry.collect();
    CHECK(value_in(registry, "asked_total") == value_type{std::uint64_t{1}});
  }
  kept.reset();
}

TEST_CASE("handles outlive their registry, empty ones count nowhere") {
  counter orphan;
  {
    metrics_registry registry;
    orphan = *registry.make_counter("a_total", "A.");
  }
  orphan.add(4);
  CHECK(orphan.value() == 4);
  counter none;
  none.add();
  CHECK(none.value() == 0);
  latency never;
  never.record(std::chrono::seconds{1});
  CHECK(never.snapshot().count() == 0);
}

TEST_CASE("no count is lost between threads that also make and remove") {
  metrics_registry registry;
  constexpr int threads = 4;
  constexpr int each = 20'000;
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&registry, t] {
        const metric_labels own{{"thread", std::to_string(t)}};
        for (int i = 0; i < each; ++i) {
          if (i % 1'000 == 0) {
            registry.make_gauge("own_level", "O.", own)->set(i);
            registry.collect();
            registry.remove("own_level", own);
          }
          static thread_local counter shared;
          if (i % 1'000 == 0)
            shared = *registry.make_counter("shared_total", "S.");
          shared.add();
        }
      });
  }
  CHECK(value_in(registry, "shared_total")
        == value_type{std::uint64_t{threads} * each});
  CHECK(value_in(registry, "own_level", {{"thread", "0"}}) == std::nullopt);
  CHECK(dropped_in(registry) == 0);
}

TEST_CASE("families and series are collected in one order") {
  metrics_registry registry;
  for (const auto* name : {"z", "a", "m"})
    for (const auto* label : {"2", "1"})
      CHECK(registry.make_gauge(name, "H.", {{"l", label}}));
  std::vector<std::string> seen;
  for (const auto& family : registry.collect())
    for (const auto& sample : family.samples) {
      auto name = family.name;
      for (const auto& [key, value] : sample.labels)
        name += value;
      seen.push_back(std::move(name));
    }
  CHECK(seen
        == std::vector<std::string>{"a1", "a2", "m1", "m2",
                                    "weft_metrics_dropped_series_total", "z1",
                                    "z2"});
}

} // namespace weft::observe
