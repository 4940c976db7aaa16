#include "runtime/base/json_text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace weft {

TEST_CASE("JSON text stands on one line unless it is indented") {
  const nlohmann::json value{{"a", {1, "Öl"}}};
  CHECK(json_text(value) == R"({"a":[1,"Öl"]})");
  CHECK(json_text(value, 2) == "{\n  \"a\": [\n    1,\n    \"Öl\"\n  ]\n}");
}

TEST_CASE("JSON text of bytes that are no UTF-8 is JSON all the same") {
  const nlohmann::json value{{"reason", "kein \xD6l"}, {"cut", "\xC3"}};
  const auto text = json_text(value);
  const auto again = nlohmann::json::parse(text);
  CHECK(again["reason"] == "kein \xEF\xBF\xBDl");
  CHECK(again["cut"] == "\xEF\xBF\xBD");
}

} // namespace weft
