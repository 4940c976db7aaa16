#include "actors/membership/config_difference.hpp"

#include <doctest/doctest.h>

namespace weft::actors {

TEST_CASE("the first difference is named by its path") {
  const auto* ours = R"({"a": 1, "nodes": [{"name": "n1"}, {"name": "n2"}]})";
  CHECK(differing_path(ours, ours) == std::nullopt);
  CHECK(differing_path(ours, R"({"a": 2})") == "a");
  CHECK(differing_path(ours, R"({"a": 1})") == "nodes");
  CHECK(differing_path(ours, R"({"a": 1, "nodes": [{"name": "n1"}]})")
        == "nodes[1]");
  CHECK(differing_path(ours,
                       R"({"a": 1, "nodes": [{"name": "n1"}, {"name": "n3"}]})")
        == "nodes[1].name");
  CHECK(differing_path(R"({"a": 1})", R"({"a": 1, "b": 2})") == "b");
  CHECK(differing_path("1", "2") == "the whole document");
}

TEST_CASE("no difference is named where none can be found") {
  CHECK(differing_path("", "{}") == std::nullopt);
  CHECK(differing_path("{}", "{") == std::nullopt);
  const auto deep = [](const std::string& leaf) {
    return std::string(100'000, '[') + leaf + std::string(100'000, ']');
  };
  CHECK(differing_path(deep("1"), deep("2")) == std::nullopt);
}

} // namespace weft::actors
