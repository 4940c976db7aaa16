#include "apps/weft/registry_text.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

TEST_CASE("services are a table, and the next page is one option away") {
  const auto page = nlohmann::json::parse(R"({"services": [{
      "namespace": "heat", "name": "grid", "kind": "space",
      "health": "healthy", "backend": "memory", "address": "n1,n2",
      "version": "", "labels": {"shards": "2", "zone": "eu"}}],
      "next": null})");
  const std::string table =
      "NAMESPACE  NAME  KIND   HEALTH   BACKEND  ADDRESS  VERSION  LABELS\n"
      "heat       grid  space  healthy  memory   n1,n2    -        "
      "shards=2,zone=eu\n";
  CHECK(services_text(page) == table);
  auto first = page;
  first["next"] = "service/lab/heat/grid";
  CHECK(services_text(first)
        == table + "more: --after service/lab/heat/grid\n");
  CHECK(
      services_text({{"services", nlohmann::json::array()}, {"next", nullptr}})
      == "no spaces or services\n");
}

TEST_CASE("names are a table") {
  CHECK(names_text(nlohmann::json::parse(
            R"({"names": [{"name": "hello/a", "type": "", "node": "n1"}]})"))
        == "NAME     TYPE  NODE\nhello/a  -     n1\n");
  CHECK(names_text({{"names", nlohmann::json::array()}}) == "no names\n");
}

} // namespace weft::apps
