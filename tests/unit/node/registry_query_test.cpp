#include "runtime/node/registry_query.hpp"

#include <doctest/doctest.h>

namespace weft {

using actors::service_health;
using actors::service_kind;

TEST_CASE("a discovery is read from the parameters of a request") {
  const auto query = parse_discovery({{"tenant", "lab"},
                                      {"namespace", "heat"},
                                      {"kind", "space"},
                                      {"backend", "memory"},
                                      {"capability", "watch,claim"},
                                      {"label", "zone=eu,tier="},
                                      {"health", "healthy,degraded"},
                                      {"after", "service/lab/heat/a"},
                                      {"limit", "7"}});
  REQUIRE(query);
  actors::discover_services expected{"lab", "heat"};
  expected.wanted = {service_kind::space,
                     {"watch", "claim"},
                     {{"zone", "eu"}, {"tier", ""}},
                     "memory",
                     {service_health::healthy, service_health::degraded}};
  expected.after = "service/lab/heat/a";
  expected.limit = 7;
  CHECK(*query == expected);
  CHECK(parse_discovery({})->tenant == "default");
}

TEST_CASE("a discovery that cannot be meant is refused") {
  for (const auto& [name, text] :
       std::map<std::string, std::string>{{"kind", "spaces"},
                                          {"health", "healthy,ill"},
                                          {"label", "zone"},
                                          {"limit", "many"},
                                          {"limits", "1"}}) {
    CAPTURE(name);
    const auto query = parse_discovery({{name, text}});
    REQUIRE_FALSE(query);
    CHECK(query.error().code == errc::invalid_argument);
  }
}

TEST_CASE("a page of services says all of each, and where the next begins") {
  actors::registration till;
  till.name = "service/lab/shop/till";
  till.node = "n2";
  till.revision = 7;
  till.service = {
      service_kind::service,    "n2", "redis", {"pay"}, {{"zone", "eu"}}, "1.2",
      service_health::degraded, 500};
  const auto json = services_json({{till}, "service/lab/shop/till"});
  CHECK(json == nlohmann::json::parse(R"({"ok": true, "services": [{
             "tenant": "lab", "namespace": "shop", "name": "till",
             "kind": "service", "health": "degraded", "address": "n2",
             "backend": "redis", "capabilities": ["pay"],
             "labels": {"zone": "eu"}, "version": "1.2", "lease_ms": 500,
             "node": "n2", "revision": 7}],
             "next": "service/lab/shop/till"})"));
  CHECK(services_json({}).at("next").is_null());
}

} // namespace weft
