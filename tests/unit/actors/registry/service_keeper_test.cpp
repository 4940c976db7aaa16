#include "actors/registry/service_keeper_actor.hpp"
#include "tests/unit/actors/actors_fixture.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

struct keeping_fixture : actors_fixture {
  const std::string name = service_name("lab", "heat", "grid");
  registry_actor registry = spawn_registry(system);
  service_report report;
  int reports = 0;

  ~keeping_fixture() { end(registry); }

  service_keeper_actor keep(const caf::strong_actor_ptr& actor = {}) {
    service_offer offer;
    offer.what.name = name;
    offer.what.actor = actor;
    offer.what.service.kind = service_kind::service;
    offer.what.service.version = "1.2";
    offer.what.service.lease_ms = 4'000;
    offer.report = [this] {
      ++reports;
      return report;
    };
    offer.find_registry = [this] { return registry; };
    const auto keeper = spawn_service_keeper(system, std::move(offer));
    drain();
    return keeper;
  }

  result<registration> find() {
    return ask<registration>(registry, look_up_name{name});
  }

  service_health health() { return find().value().service.health; }
};

} // namespace

TEST_CASE_FIXTURE(keeping_fixture,
                  "a kept service is found and stays beyond its lease") {
  const auto actor = idler();
  const auto keeper = keep(pointer(actor));
  REQUIRE(find());
  CHECK(find()->actor == pointer(actor));
  CHECK(find()->service.version == "1.2");
  for (int i = 0; i < 20; ++i)
    advance(500ms);
  CHECK(health() == service_health::healthy);
  CHECK(reports >= 10);
  end(keeper);
  end(actor);
}

TEST_CASE_FIXTURE(keeping_fixture, "what a service reports is its health") {
  const auto keeper = keep();
  report.says = service_health::stopping;
  advance(1s);
  CHECK(health() == service_health::stopping);
  report = {service_health::healthy, 100, 100};
  advance(1s);
  CHECK(health() == service_health::unhealthy);
  end(keeper);
}

TEST_CASE_FIXTURE(keeping_fixture,
                  "a service whose keeper is dead loses health, then itself") {
  const auto actor = idler();
  const auto keeper = keep(pointer(actor));
  end(keeper);
  advance(2s);
  CHECK(health() == service_health::degraded);
  advance(1s);
  CHECK(health() == service_health::unhealthy);
  advance(1s);
  CHECK(find().error().code == errc::not_found);
  end(actor);
}

TEST_CASE_FIXTURE(keeping_fixture,
                  "a service goes at once with its actor, or its keeper") {
  const auto actor = idler();
  const auto keeper = keep(pointer(actor));
  end(actor);
  CHECK(find().error().code == errc::not_found);
  const auto own = keep();
  CHECK(find());
  end(own);
  CHECK(find().error().code == errc::not_found);
}

TEST_CASE_FIXTURE(keeping_fixture,
                  "a registry that restarts is told of the service") {
  const auto keeper = keep();
  const auto before = registry;
  registry = spawn_registry(system);
  end(before);
  advance(100ms);
  CHECK(health() == service_health::healthy);
  registry = nullptr;
  advance(10s);
  registry = spawn_registry(system);
  // One heartbeat that it does not know, and one registration.
  advance(1s);
  advance(1s);
  CHECK(health() == service_health::healthy);
  end(keeper);
}

TEST_CASE_FIXTURE(keeping_fixture,
                  "who finds the name taken gets it when it is free") {
  const auto first = keep();
  const auto second = keep();
  const auto holder = find()->actor;
  end(first);
  advance(1s);
  REQUIRE(find());
  CHECK(find()->actor != holder);
  end(second);
}

} // namespace weft::actors
