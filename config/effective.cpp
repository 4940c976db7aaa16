#include "config/print.hpp"
#include "config/problem.hpp"
#include "config/schema.hpp"
#include "runtime/base/json_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <utility>

namespace weft::config {

namespace {

using nlohmann::json;

enum class path_form { whole, file_name };

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

json shortened(json value) {
  if (value.is_string())
    return file_name(value.get<std::string>());
  for (auto& item : value)
    item = shortened(item);
  return value;
}

class spelling {
public:
  explicit spelling(path_form form) : form_(form) {}

  json section(std::string_view pattern, owner whole) const {
    auto object = json::object();
    for (const auto* key : children(pattern)) {
      const std::string name{last_part(key->path)};
      auto value = spell_row(*key, whole);
      if (name == "*")
        object = value.value_or(json::object());
      else if (value)
        object[name] = *std::move(value);
    }
    return object;
  }

private:
  std::optional<json> spell_row(const row& key, owner whole) const {
    if (key.state == presence::planned || key.type == value_type::directive)
      return std::nullopt;
    if (key.type == value_type::section)
      return section(key.path, whole);
    const auto member = bound(key, whole);
    const auto* item = key.type == value_type::list
                           ? find_row(fmt::format("{}[]", key.path))
                           : nullptr;
    if (item && item->type == value_type::section) {
      auto list = json::array();
      for (const auto element : elements(member))
        list.push_back(section(item->path, element));
      return list;
    }
    auto value = spell(member);
    const auto type = item ? item->type : key.type;
    const bool is_path =
        type == value_type::path || type == value_type::library;
    if (value && is_path && form_ == path_form::file_name)
      return shortened(*std::move(value));
    return value;
  }

  path_form form_;
};

json spell_options(cluster_options options, path_form form) {
  return spelling{form}.section("", &options);
}

std::string shown(const json* value) {
  if (!value)
    return "nothing";
  if (value->is_string())
    return value->get<std::string>();
  return json_text(*value);
}

std::optional<std::string> difference(const json* a, const json* b,
                                      const std::string& path) {
  if (a && b && *a == *b)
    return std::nullopt;
  if (a && b && a->is_object() && b->is_object()) {
    std::set<std::string> keys;
    for (const auto* side : {a, b})
      for (const auto& item : side->items())
        keys.insert(item.key());
    const auto member = [](const json& object, const std::string& key) {
      const auto found = object.find(key);
      return found == object.end() ? nullptr : &*found;
    };
    for (const auto& key : keys)
      if (auto found = difference(member(*a, key), member(*b, key),
                                  join_path(path, key)))
        return found;
  }
  if (a && b && a->is_array() && b->is_array()) {
    const auto item = [](const json& list, std::size_t i) {
      return i < list.size() ? &list[i] : nullptr;
    };
    for (std::size_t i = 0; i < std::max(a->size(), b->size()); ++i)
      if (auto found = difference(item(*a, i), item(*b, i), join_path(path, i)))
        return found;
  }
  return fmt::format("{}{}{} here, {} there", path, path.empty() ? "" : ": ",
                     shown(a), shown(b));
}

} // namespace

json to_json(const cluster_options& options) {
  return spell_options(options, path_form::whole);
}

json comparable_json(const cluster_options& options) {
  return spell_options(options, path_form::file_name);
}

std::string configuration_hash(const cluster_options& options) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto text = json_text(comparable_json(options));
  for (const unsigned char byte : text) {
    hash ^= byte;
    hash *= 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

std::optional<std::string> first_difference(const json& a, const json& b) {
  return difference(&a, &b, "");
}

} // namespace weft::config
