#include "runtime/module/argument_list.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

struct region {
  int rows = 0;
  std::string name;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(region, rows, name)

} // namespace

namespace weft::modules {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

config::arguments placed(json value) {
  config::arguments given;
  given.value = std::move(value);
  given.path = "actors[2].args";
  given.places[""] = {"cluster.yaml", 12, 5};
  given.places["/depth"] = {"cluster.yaml", 13, 7};
  return given;
}

/// The value, or all that is wrong with it.
template <class T>
struct outcome {
  T value{};
  problems found;
};

template <class T>
outcome<T> convert(json value) {
  outcome<T> out;
  const auto given = placed(std::move(value));
  argument_reader<T>::read(given.value, {&given, "/depth"}, out.value,
                           out.found);
  return out;
}

const std::string place = "cluster.yaml:13:7: actors[2].args.depth: ";

template <class T>
std::string only_problem(json value) {
  const auto out = convert<T>(std::move(value));
  REQUIRE(out.found.size() == 1);
  REQUIRE(config::to_string(out.found[0]).starts_with(place));
  return config::to_string(out.found[0]).substr(place.size());
}

} // namespace

TEST_CASE("every supported type is read from its JSON") {
  CHECK(convert<bool>(true).value);
  CHECK(convert<int>(-3).value == -3);
  CHECK(convert<std::uint8_t>(255).value == 255);
  CHECK(convert<std::int64_t>(std::numeric_limits<std::int64_t>::min()).value
        == std::numeric_limits<std::int64_t>::min());
  CHECK(convert<std::uint64_t>(std::numeric_limits<std::uint64_t>::max()).value
        == std::numeric_limits<std::uint64_t>::max());
  CHECK(convert<double>(2.5).value == 2.5);
  CHECK(convert<double>(2).value == 2.0);
  CHECK(convert<std::string>("x").value == "x");
  CHECK(convert<std::chrono::milliseconds>("1.5s").value == 1500ms);
  CHECK(convert<std::chrono::nanoseconds>(0).value == 0ns);
  CHECK(convert<std::chrono::duration<double>>("250ms").value
        == std::chrono::duration<double>{0.25});
  CHECK(convert<std::vector<int>>({1, 2}).value == std::vector<int>{1, 2});
  CHECK(convert<std::map<std::string, bool>>({{"a", true}}).value.at("a"));
  CHECK(convert<std::optional<int>>(nullptr).value == std::nullopt);
  CHECK(convert<std::optional<int>>(7).value == 7);
  CHECK(convert<json>({{"any", {1, "x"}}}).value["any"][1] == "x");
  const auto read = convert<region>({{"rows", 3}, {"name", "north"}});
  CHECK(read.found.empty());
  CHECK(read.value.rows == 3);
  CHECK(read.value.name == "north");
}

TEST_CASE("a value of another type is refused with place, expected and got") {
  CHECK(only_problem<std::int64_t>("many")
        == R"(expected integer, got text "many")");
  CHECK(only_problem<bool>(1) == "expected true or false, got integer 1");
  CHECK(only_problem<bool>("yes")
        == R"(expected true or false, got text "yes")");
  CHECK(only_problem<std::string>(3) == "expected text, got integer 3");
  CHECK(only_problem<double>("x") == R"(expected number, got text "x")");
  CHECK(only_problem<std::vector<bool>>(json::object())
        == "expected list of true or false, got a map");
  CHECK(only_problem<std::map<std::string, bool>>(json::array())
        == "expected map to true or false, got a list");
  CHECK(only_problem<std::int64_t>(2.5) == "expected integer, got number 2.5");
  CHECK(only_problem<std::string>(nullptr) == "expected text, got nothing");
}

TEST_CASE("integers out of their type's range are refused") {
  CHECK(only_problem<std::uint8_t>(256)
        == "expected integer 0..255, got integer 256");
  CHECK(only_problem<std::uint8_t>(-1)
        == "expected integer 0..255, got integer -1");
  CHECK(only_problem<std::int8_t>(-129)
        == "expected integer -128..127, got integer -129");
  CHECK(only_problem<std::uint64_t>(-1)
        == "expected integer from 0, got integer -1");
  CHECK(only_problem<std::int64_t>(std::numeric_limits<std::uint64_t>::max())
        == "expected integer, got integer 18446744073709551615");
}

TEST_CASE("durations need a unit and must fit their type") {
  CHECK(only_problem<std::chrono::seconds>(5)
        == "expected duration such as 250ms, got integer 5");
  CHECK(only_problem<std::chrono::seconds>("soon")
        == R"(expected duration such as 250ms, got text "soon")");
  CHECK(only_problem<std::chrono::seconds>("250ms")
        == R"(expected a multiple of 1s, got text "250ms")");
}

TEST_CASE("a wrong element of a list or map is named by its path") {
  const auto list = convert<std::vector<int>>({1, "b", true});
  REQUIRE(list.found.size() == 2);
  CHECK(
      config::to_string(list.found[0])
          .starts_with(
              "cluster.yaml:13:7: actors[2].args.depth[1]: expected integer"));
  CHECK(
      config::to_string(list.found[1])
          .starts_with(
              "cluster.yaml:13:7: actors[2].args.depth[2]: expected integer"));
  const auto map =
      convert<std::map<std::string, std::vector<bool>>>({{"a/b", {1}}});
  REQUIRE(map.found.size() == 1);
  CHECK(
      config::to_string(map.found[0])
          .starts_with(
              "cluster.yaml:13:7: actors[2].args.depth.a/b[0]: expected true"));
}

TEST_CASE("a struct reports missing and misspelt members") {
  const auto bad = convert<region>({{"rows", 3}, {"nane", "north"}});
  REQUIRE(bad.found.size() == 2);
  CHECK(config::to_string(bad.found[0]).find("did you mean name?")
        != std::string::npos);
  CHECK(config::to_string(bad.found[1]) == place + "key 'name' not found");
}

TEST_CASE("a long text is shortened in a message") {
  const auto text = only_problem<int>(std::string(10'000, 'x'));
  CHECK(text.size() < 200);
}

TEST_CASE("a value without a known place is named by its path alone") {
  config::arguments given;
  problems found;
  int into = 0;
  argument_reader<int>::read("x", {&given, "/0"}, into, found);
  REQUIRE(found.size() == 1);
  CHECK(config::to_string(found[0]).starts_with("[0]: expected integer"));
}

} // namespace weft::modules
