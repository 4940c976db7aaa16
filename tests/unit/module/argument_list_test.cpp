#include "runtime/module/argument_list.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace weft::modules {

namespace {

using nlohmann::json;

std::vector<parameter_info> greeting_and_depth() {
  return {{"greeting", "text", std::nullopt}, {"depth", "integer 0..255", 3}};
}

struct list_outcome {
  std::optional<std::tuple<std::string, std::uint8_t>> values;
  problems found;
};

list_outcome convert_list(const std::vector<parameter_info>& parameters,
                          json value) {
  const config::arguments given{std::move(value), {}, "args"};
  list_outcome out;
  out.values = convert_arguments<std::string, std::uint8_t>(parameters, given,
                                                            out.found);
  return out;
}

} // namespace

TEST_CASE("arguments are taken by name, by position, and from defaults") {
  const auto parameters = greeting_and_depth();
  using values = std::tuple<std::string, std::uint8_t>;
  CHECK(convert_list(parameters, {{"depth", 5}, {"greeting", "Hi"}}).values
        == values{"Hi", 5});
  CHECK(convert_list(parameters, {{"greeting", "Hi"}}).values
        == values{"Hi", 3});
  CHECK(convert_list(parameters, json::array({"Hi", 9})).values
        == values{"Hi", 9});
  CHECK(convert_list(parameters, json::array({"Hi"})).values
        == values{"Hi", 3});
}

TEST_CASE("all mistakes are reported at once") {
  const auto out =
      convert_list(greeting_and_depth(), {{"depht", 1}, {"depth", "deep"}});
  CHECK_FALSE(out.values);
  REQUIRE(out.found.size() == 3);
  CHECK(config::to_string(out.found[0])
        == "args.depht: expected greeting (text), depth (integer 0..255), got "
           "an argument of this name; did you mean depth?");
  CHECK(config::to_string(out.found[1])
        == "args: expected greeting (text), got nothing for it");
  CHECK(config::to_string(out.found[2])
        == R"(args.depth: expected integer 0..255, got text "deep")");
}

TEST_CASE("missing arguments and too many are named") {
  const auto none = convert_list(greeting_and_depth(), nullptr);
  REQUIRE(none.found.size() == 1);
  CHECK(config::to_string(none.found[0])
        == "args: expected greeting (text), got nothing for it");
  const auto many =
      convert_list(greeting_and_depth(), json::array({"a", 1, 2}));
  REQUIRE(many.found.size() == 1);
  CHECK(config::to_string(many.found[0])
        == "args[2]: expected at most 2 (greeting (text), depth (integer "
           "0..255)), got 3 values");
}

TEST_CASE("parameters without names take a list only") {
  std::vector<parameter_info> unnamed{{"", "text", std::nullopt},
                                      {"", "integer 0..255", std::nullopt}};
  CHECK(convert_list(unnamed, json::array({"a", 1})).values);
  const auto named = convert_list(unnamed, {{"greeting", "a"}});
  REQUIRE(named.found.size() == 1);
  CHECK(config::to_string(named.found[0])
        == "args: expected a list of argument 1 (text), argument 2 (integer "
           "0..255) (they have no names), got a map");
}

TEST_CASE("a bare value is neither a list nor a map of arguments") {
  const auto out = convert_list(greeting_and_depth(), "Hi");
  REQUIRE_FALSE(out.found.empty());
  CHECK(config::to_string(out.found[0])
        == R"(args: expected a list or a map of arguments, got text "Hi")");
}

TEST_CASE("registered parameters must fit the function") {
  problems found;
  make_parameters<int, bool>({parameter{"only"}}, found);
  REQUIRE(found.size() == 1);
  CHECK(config::to_string(found[0]).find("for each of the 2 parameters")
        != std::string::npos);

  found.clear();
  make_parameters<int, bool>({parameter{"a"}, parameter{"a"}}, found);
  REQUIRE(found.size() == 1);
  CHECK(config::to_string(found[0]) == "two parameters are named a");

  found.clear();
  make_parameters<int, bool>({parameter{"a", 1}, parameter{"b"}}, found);
  REQUIRE(found.size() == 1);
  CHECK(config::to_string(found[0]).find("needs a default")
        != std::string::npos);

  found.clear();
  make_parameters<bool>({parameter{"a", 1}}, found);
  REQUIRE(found.size() == 1);
  CHECK(config::to_string(found[0])
        == "default of a: expected true or false, got integer 1");

  found.clear();
  make_parameters<bool>({parameter{"no name"}}, found);
  CHECK(found.size() == 1);
}

TEST_CASE("an optional parameter may be left out") {
  problems found;
  const auto parameters =
      make_parameters<std::optional<int>>({parameter{"depth"}}, found);
  CHECK(found.empty());
  const config::arguments none;
  const auto values =
      convert_arguments<std::optional<int>>(parameters, none, found);
  REQUIRE(values);
  CHECK(std::get<0>(*values) == std::nullopt);
}

} // namespace weft::modules
