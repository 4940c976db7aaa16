#include "config/print.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/support.hpp"

#include <sstream>

namespace weft::config::testing {

namespace {

/// The defaults file with every key that is commented out put in force.
std::string with_examples(const std::string& defaults) {
  std::istringstream input{defaults};
  std::string text, line;
  while (std::getline(input, line)) {
    const bool in_block = line.starts_with("#  ");
    if (in_block)
      line.erase(0, 1);
    const auto sign = line.find_first_not_of(' ');
    const bool key = sign != std::string::npos && line[sign] == '#'
                     && sign + 1 < line.size() && line[sign + 1] != ' ';
    if (key)
      line.erase(sign, 1);
    text += line + "\n";
  }
  return text;
}

/// The part of the JSON schema that a row's path leads to.
const nlohmann::json* schema_of(const nlohmann::json& whole,
                                std::string_view path) {
  const auto* at = &whole;
  std::string rest{path};
  while (at && !rest.empty()) {
    const auto end = std::min(rest.find('.'), rest.size());
    auto part = rest.substr(0, end);
    rest.erase(0, std::min(end + 1, rest.size()));
    const bool item = part.ends_with("[]");
    if (item)
      part.resize(part.size() - 2);
    const auto step = [&](const char* name) {
      at = at && at->contains(name) ? &at->at(name) : nullptr;
    };
    if (part == "*") {
      step("additionalProperties");
    } else {
      step("properties");
      step(part.c_str());
    }
    if (item)
      step("items");
  }
  return at;
}

} // namespace

TEST_CASE("the defaults load without a problem and are the defaults") {
  const auto options = good(defaults_yaml());
  cluster_options expected;
  expected.cluster = "demo";
  expected.nodes.emplace_back().name = "n1";
  CHECK(options == expected);
}

TEST_CASE("the examples of all keys together are a valid file") {
  const auto text = with_examples(defaults_yaml());
  // An empty list stands above the example of its items.
  std::istringstream input{text};
  std::string unique, line;
  while (std::getline(input, line)) {
    if (!line.ends_with(": []"))
      unique += line + "\n";
  }
  const auto options = good(unique, with_files({{"common.yaml", "log: {}\n"}}));
  CHECK(options.modules.size() == 1);
  CHECK(options.security.spawn_from.size() == 1);
  CHECK(options.security.tls.ca.ends_with("/certs/ca.pem"));
  CHECK(options.log.components.size() == 1);
  REQUIRE(options.actors.size() == 1);
  CHECK(options.actors[0].args.value == nlohmann::json{{"greeting", "Hello"}});
  CHECK(options.jobs.size() == 1);
  CHECK(options.nodes.at(0).http.has_value());
  CHECK(options.nodes.at(0).tenants == std::vector<std::string>{"default"});
  REQUIRE(options.spaces.size() == 1);
  CHECK(options.spaces[0].nodes == std::vector<std::string>{"n1"});
}

TEST_CASE("every row is documented, in the reference, and in the schema") {
  const auto reference = reference_markdown();
  const auto schema_json = json_schema();
  const auto defaults = defaults_yaml();
  for (const auto& row : schema()) {
    CAPTURE(row.path);
    CHECK(!row.doc.empty());
    CHECK(reference.find("`" + std::string{row.path} + "`")
          != std::string::npos);
    const auto* part = schema_of(schema_json, row.path);
    REQUIRE(part);
    CHECK(part->contains("description"));
    const bool planned = row.state == presence::planned;
    const auto name = std::string{last_part(row.path)} + ":";
    const bool own_line = !planned && !name.ends_with("[]:") && name != "*:";
    if (own_line)
      CHECK(defaults.find(name) != std::string::npos);
  }
}

TEST_CASE("every row is bound to a member, and below a row") {
  for (const auto& row : schema()) {
    CAPTURE(row.path);
    const bool free = row.type == value_type::section
                      || row.type == value_type::directive
                      || row.state == presence::planned;
    CHECK((row.bind != nullptr) == !free);
    CHECK(find_row(row.path) == &row);
    const auto dot = row.path.rfind('.');
    if (dot != std::string_view::npos)
      CHECK(find_row(row.path.substr(0, dot)) != nullptr);
  }
}

TEST_CASE("a default is within the range of its row") {
  for (const auto& row : schema()) {
    CAPTURE(row.path);
    const auto value = default_of(row);
    if (value && value->is_number()) {
      CHECK(value->get<double>() >= row.min);
      CHECK(value->get<double>() <= row.max);
    }
  }
}

TEST_CASE("the JSON schema states types, ranges, choices and defaults") {
  const auto schema = json_schema();
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["required"] == nlohmann::json{"cluster", "nodes"});
  CHECK(schema["additionalProperties"] == false);
  const auto& threads = *schema_of(schema, "caf.threads");
  CHECK(threads["anyOf"][0]["maximum"] == 1024);
  CHECK(threads["default"] == 0);
  const auto& level = *schema_of(schema, "log.level");
  CHECK(level["anyOf"][0]["enum"].size() == 6);
  CHECK(schema["properties"]["worlds"]["not"] == nlohmann::json::object());
}

} // namespace weft::config::testing
