#include "actors/registry/service_info.hpp"

#include <doctest/doctest.h>

namespace weft::actors {

namespace {

service_info till() {
  service_info made;
  made.kind = service_kind::service;
  made.backend = "redis";
  made.capabilities = {"pay", "refund"};
  made.labels = {{"zone", "eu"}, {"tier", "1"}};
  made.health = service_health::degraded;
  return made;
}

} // namespace

TEST_CASE("a service's name has its three parts, and other names none") {
  CHECK(service_name("lab", "heat", "grid") == "service/lab/heat/grid");
  const auto key = parse_service_name("service/lab/heat/grid");
  CHECK(key.tenant == "lab");
  CHECK(key.name_space == "heat");
  CHECK(key.name == "grid");
  CHECK(service_prefix("lab") == "service/lab/");
  CHECK(service_prefix("lab", "heat") == "service/lab/heat/");
  for (const auto* other : {"service/lab/grid", "space/lab/heat/grid",
                            "service/lab/heat/grid/0", ""})
    CHECK_MESSAGE(parse_service_name(other).name.empty(), other);
}

TEST_CASE("an empty filter lets every service through") {
  CHECK(matches(till(), {}));
  CHECK(matches(service_info{}, {}));
}

TEST_CASE("each part of a filter keeps out what does not fit") {
  const auto fits = [](auto change) {
    service_filter wanted;
    change(wanted);
    return matches(till(), wanted);
  };
  CHECK(fits([](auto& f) { f.kind = service_kind::service; }));
  CHECK_FALSE(fits([](auto& f) { f.kind = service_kind::space; }));
  CHECK(fits([](auto& f) { f.backend = "redis"; }));
  CHECK_FALSE(fits([](auto& f) { f.backend = "memory"; }));
  CHECK(fits([](auto& f) { f.capabilities = {"refund", "pay"}; }));
  CHECK_FALSE(fits([](auto& f) { f.capabilities = {"pay", "lend"}; }));
  CHECK(fits([](auto& f) { f.labels = {{"zone", "eu"}}; }));
  CHECK_FALSE(fits([](auto& f) { f.labels = {{"zone", "us"}}; }));
  CHECK_FALSE(fits([](auto& f) { f.labels = {{"area", "eu"}}; }));
  CHECK(fits([](auto& f) {
    f.health = {service_health::healthy, service_health::degraded};
  }));
  CHECK_FALSE(fits([](auto& f) { f.health = {service_health::healthy}; }));
}

TEST_CASE("a description beyond its limits is refused with the limit") {
  CHECK(check_service(till()));
  const auto why = [](auto change) {
    auto made = till();
    change(made);
    const auto checked = check_service(made);
    return checked ? std::string{} : checked.error().message;
  };
  CHECK(why([](auto& s) { s.kind = service_kind::none; })
        == "expected the kind space or service");
  CHECK(why([](auto& s) { s.kind = static_cast<service_kind>(9); })
        == "expected the kind space or service");
  CHECK(why([](auto& s) { s.lease_ms = 99; })
        == "expected a lease of 100ms to 1h, got 99 ms");
  CHECK(why([](auto& s) { s.lease_ms = 3'600'001; }).size() > 0);
  CHECK(why([](auto& s) { s.address.assign(1'001, 'x'); })
        == "expected an address of at most 1000 bytes, got 1001");
  CHECK(why([](auto& s) { s.backend.assign(101, 'x'); }).size() > 0);
  CHECK(why([](auto& s) { s.version.assign(101, 'x'); }).size() > 0);
  CHECK(why([](auto& s) { s.capabilities = {"no name"}; })
        == "expected capabilities of [A-Za-z0-9_.-], got \"no name\"");
  CHECK(why([](auto& s) { s.capabilities.assign(65, "x"); })
        == "expected at most 64 capabilities, got 65");
  CHECK(why([](auto& s) { s.labels["no name"]; }).size() > 0);
  CHECK(why([](auto& s) { s.labels["a"].assign(201, 'x'); }).size() > 0);
  CHECK(why([](auto& s) {
          for (int i = 0; i < 64; ++i)
            s.labels["l" + std::to_string(i)];
        })
        == "expected at most 64 labels, got 66");
}

TEST_CASE("words of kinds and healths are read as they are written") {
  for (const auto kind : {service_kind::space, service_kind::service})
    CHECK(parse_service_kind(to_string(kind)) == kind);
  for (const auto health : {service_health::starting, service_health::healthy,
                            service_health::degraded, service_health::unhealthy,
                            service_health::stopping})
    CHECK(parse_service_health(to_string(health)) == health);
  CHECK(parse_service_health("ill").error().message
        == "expected one of starting, healthy, degraded, unhealthy, stopping, "
           "got \"ill\"");
  CHECK(to_string(static_cast<service_health>(99)) == "unknown");
}

} // namespace weft::actors
