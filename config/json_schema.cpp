#include "config/print.hpp"
#include "config/schema.hpp"

#include <fmt/format.h>

namespace weft::config {

namespace {

using nlohmann::json;

json section(std::string_view pattern);

/// A value that is no text can also come from a variable or an index.
json or_placeholder(json schema) {
  return {{"anyOf", json::array({std::move(schema),
                                 json{{"$ref", "#/$defs/placeholder"}}})}};
}

json counted(const row& key, const char* type) {
  json schema{{"type", type}};
  schema["minimum"] = key.min;
  schema["maximum"] = key.max;
  if (key.type != value_type::number) {
    schema["minimum"] = static_cast<std::int64_t>(key.min);
    schema["maximum"] = static_cast<std::int64_t>(key.max);
  }
  return or_placeholder(std::move(schema));
}

json text() {
  return {{"type", "string"}, {"minLength", 1}};
}

json of_type(const row& key) {
  switch (key.type) {
  case value_type::section:
    return section(key.path);
  case value_type::list: {
    const auto& item = *find_row(fmt::format("{}[]", key.path));
    json schema{{"type", json::array({"array", "null"})},
                {"items", of_type(item)},
                {"maxItems", static_cast<std::int64_t>(key.max)}};
    schema["items"]["description"] = item.doc;
    if (key.min > 0)
      schema["minItems"] = static_cast<std::int64_t>(key.min);
    if (key.state == presence::required) {
      schema["type"] = "array";
      schema["minItems"] = 1;
    }
    return schema;
  }
  case value_type::directive:
    if (key.max > 0)
      return counted(key, "integer");
    return {{"anyOf", json::array({text(), json{{"type", "array"},
                                                {"items", text()}}})}};
  case value_type::boolean:
    return or_placeholder({{"type", "boolean"}});
  case value_type::integer:
    return counted(key, "integer");
  case value_type::number:
    return counted(key, "number");
  case value_type::choice:
    return or_placeholder({{"enum", choices(key)}});
  case value_type::arguments:
    return {{"type", json::array({"object", "array", "null"})}};
  case value_type::duration:
  case value_type::bytes:
    // A bare 0 is a duration, and a bare number a size.
    return {{"type", json::array({"string", "integer"})}};
  case value_type::name:
    // A name of digits is an integer to an editor.
    return {{"type", json::array({"string", "number"})}};
  case value_type::endpoint:
  case value_type::path:
  case value_type::library:
  case value_type::type_name:
    return text();
  }
  return {};
}

json section(std::string_view pattern) {
  json schema{{"type", json::array({"object", "null"})},
              {"additionalProperties", false}};
  auto properties = json::object();
  auto required = json::array();
  for (const auto* key : children(pattern)) {
    const std::string name{last_part(key->path)};
    if (key->state == presence::planned) {
      properties[name] = {
          {"not", json::object()},
          {"description",
           fmt::format("Not in this version of weft: {}.", key->doc)}};
      continue;
    }
    auto value = of_type(*key);
    value["description"] = key->doc;
    if (const auto standard = default_of(*key))
      value["default"] = *standard;
    if (key->state == presence::required)
      required.push_back(name);
    if (name == "*")
      schema["additionalProperties"] = std::move(value);
    else
      properties[name] = std::move(value);
  }
  schema["properties"] = std::move(properties);
  if (!required.empty()) {
    schema["required"] = std::move(required);
    schema["type"] = "object";
  }
  return schema;
}

} // namespace

json json_schema() {
  auto schema = section("");
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "weft cluster file";
  schema["$defs"]["placeholder"] = {{"type", "string"},
                                    {"pattern", "\\$\\{|\\{index\\}"}};
  return schema;
}

} // namespace weft::config
