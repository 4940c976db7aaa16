#include "runtime/node/space_entry.hpp"

#include <doctest/doctest.h>

namespace weft {

namespace {

space_table::entry grid(std::vector<std::string> carriers) {
  space_table::entry made;
  made.options.name = "grid";
  made.options.tenant = "lab";
  made.options.name_space = "heat";
  made.options.shards = static_cast<std::uint32_t>(carriers.size());
  made.carriers = std::move(carriers);
  return made;
}

} // namespace

TEST_CASE("the registry's entry of a space says what and where it is") {
  const auto entry = entry_of(grid({"n2", "n1", "n2"}), "n2");
  CHECK(entry.name == "service/lab/heat/grid");
  CHECK(entry.node == "n2");
  CHECK(entry.service.kind == actors::service_kind::space);
  CHECK(entry.service.address == "n1,n2");
  CHECK(entry.service.backend == "memory");
  CHECK(entry.service.labels.at("shards") == "3");
  CHECK(actors::check_service(entry.service));
}

TEST_CASE("a space on very many nodes has an entry all the same") {
  std::vector<std::string> nodes;
  for (int i = 1000; i < 1400; ++i)
    nodes.push_back("node-" + std::to_string(i));
  const auto entry = entry_of(grid(nodes), "node-1000");
  CHECK(actors::check_service(entry.service));
  CHECK(entry.service.address.starts_with("node-1000,node-1001,"));
  CHECK(entry.service.address.back() != ',');
}

TEST_CASE("a space is as healthy as its shards are reached") {
  using actors::service_health;
  CHECK(health_of_space(0, 4, false) == service_health::starting);
  CHECK(health_of_space(3, 4, false) == service_health::starting);
  CHECK(health_of_space(4, 4, true) == service_health::healthy);
  CHECK(health_of_space(3, 4, true) == service_health::degraded);
  CHECK(health_of_space(2, 4, true) == service_health::unhealthy);
  CHECK(health_of_space(0, 1, true) == service_health::unhealthy);
}

} // namespace weft
