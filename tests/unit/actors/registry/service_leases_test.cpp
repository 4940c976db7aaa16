#include "actors/registry/service_leases.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

using lease_change = service_leases::change;
using lease_changes = std::vector<lease_change>;

service_report says(service_health health) {
  return {health, 0, 0};
}

service_report counted(std::uint64_t calls, std::uint64_t errors) {
  return {service_health::healthy, calls, errors};
}

} // namespace

TEST_CASE("a service is starting until its first heartbeat") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  CHECK(leases.advance(5s) == lease_changes{});
  CHECK(leases.heard("a", {}, 6s) == service_health::healthy);
}

TEST_CASE("silence makes a service degraded, unhealthy and then gone") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  leases.heard("a", {}, 100s);
  REQUIRE(leases.next_due() == 105s);
  CHECK(leases.advance(105s - 1ns) == lease_changes{});
  CHECK(leases.advance(105s) == lease_changes{{"a", service_health::degraded}});
  REQUIRE(leases.next_due() == 107s + 500ms);
  CHECK(leases.advance(107s + 500ms)
        == lease_changes{{"a", service_health::unhealthy}});
  REQUIRE(leases.next_due() == 110s);
  CHECK(leases.advance(110s) == lease_changes{{"a", std::nullopt}});
  CHECK_FALSE(leases.next_due());
  CHECK_FALSE(leases.heard("a", {}, 111s));
}

TEST_CASE("a heartbeat makes a silent service healthy again") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  leases.heard("a", {}, 0s);
  leases.advance(8s);
  CHECK(leases.heard("a", {}, 8s) == service_health::healthy);
  CHECK(leases.next_due() == 13s);
}

TEST_CASE("time that passed at once is one change, or the end") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  leases.begin("b", 1h, 0s);
  leases.heard("b", {}, 0s);
  CHECK(
      leases.advance(50min)
      == lease_changes{{"a", std::nullopt}, {"b", service_health::unhealthy}});
}

TEST_CASE("failed calls drive the health, by their share of the last ones") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  CHECK(leases.heard("a", counted(9, 9), 0s) == service_health::healthy);
  CHECK(leases.heard("a", counted(1, 0), 0s) == service_health::unhealthy);
  CHECK(leases.heard("a", counted(90, 0), 0s) == service_health::degraded);
  CHECK(leases.heard("a", counted(81, 0), 0s) == service_health::healthy);
  CHECK(leases.heard("a", counted(1'000, 400), 0s) == service_health::degraded);
  // Seven heartbeats later these calls are out of the window.
  for (int i = 0; i < 7; ++i)
    CHECK(leases.heard("a", counted(10, 0), 0s) == service_health::degraded);
  CHECK(leases.heard("a", counted(10, 0), 0s) == service_health::healthy);
}

TEST_CASE("more errors than calls are no more than all calls") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  CHECK(leases.heard("a", counted(100, 1'000'000), 0s)
        == service_health::unhealthy);
  for (int i = 0; i < 8; ++i)
    leases.heard("a", counted(100, 0), 0s);
  CHECK(leases.heard("a", counted(0, 0), 0s) == service_health::healthy);
}

TEST_CASE("a service may say that it is worse, never that it is better") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  CHECK(leases.heard("a", says(service_health::unhealthy), 0s)
        == service_health::unhealthy);
  CHECK(leases.heard("a", says(service_health::degraded), 0s)
        == service_health::degraded);
  CHECK(leases.heard("a", counted(100, 100), 0s) == service_health::unhealthy);
  CHECK(leases.heard("a", says(service_health::stopping), 0s)
        == service_health::stopping);
  CHECK(leases.advance(8s) == lease_changes{{"a", service_health::unhealthy}});
}

TEST_CASE("a lease that ended is not heard of again") {
  service_leases leases;
  leases.begin("a", 10s, 0s);
  leases.end("a");
  leases.end("a");
  CHECK_FALSE(leases.next_due());
  CHECK(leases.advance(1h) == lease_changes{});
}

TEST_CASE("whatever is heard and when, who is heard within a lease stays") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  const std::vector<std::string> names{"a", "b", "c", "d"};
  std::map<std::string, service_leases::time> last_heard;
  service_leases leases;
  service_leases::time now{0};
  int lost = 0;
  for (int step = 0; step < 20'000; ++step) {
    now += std::chrono::milliseconds{random() % 400};
    for (const auto& change : leases.advance(now)) {
      const auto silent = now - last_heard.at(change.name);
      if (change.health) {
        REQUIRE(silent < 1s);
        REQUIRE(silent >= 500ms);
        continue;
      }
      REQUIRE(silent >= 1s);
      last_heard.erase(change.name);
      ++lost;
    }
    for (const auto& [name, at] : last_heard)
      REQUIRE(now - at < 1s);
    const auto& name = names[random() % names.size()];
    if (!last_heard.contains(name))
      leases.begin(name, 1s, now);
    else
      REQUIRE(leases.heard(name, {}, now) == service_health::healthy);
    last_heard[name] = now;
  }
  CHECK(lost > 0);
}

} // namespace weft::actors
