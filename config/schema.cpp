#include "config/schema.hpp"

#include "config/endpoint.hpp"
#include "config/option_names.hpp"
#include "config/schema_rows.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <unordered_map>

namespace weft::config {

namespace {

std::string_view parent(std::string_view path) {
  if (path.ends_with("[]"))
    return path.substr(0, path.size() - 2);
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? "" : path.substr(0, dot);
}

/// Calls `use` with the row's member in default-constructed options.
template <class Use>
auto with_default(const row& key, Use use) {
  cluster_options whole;
  const auto item = key.path.find("[].");
  if (item == std::string_view::npos)
    return use(bound(key, &whole));
  const auto* list = find_row(key.path.substr(0, item));
  WEFT_ASSERT(list);
  return use(bound(key, add_element(bound(*list, &whole))));
}

template <class Element>
constexpr bool is_owner = std::is_constructible_v<owner, Element*>;

template <class Enum>
std::vector<std::string> names() {
  const auto all = names_of<Enum>();
  return {all.begin(), all.end()};
}

/// Names the enumeration behind a member, if there is one.
struct choice_names {
  std::vector<std::string> operator()(std::map<std::string, log_level>*) const {
    return names<log_level>();
  }
  template <class Value>
  std::vector<std::string> operator()(Value*) const {
    if constexpr (std::is_enum_v<Value>)
      return names<Value>();
    else
      return {};
  }
  std::vector<std::string> operator()(std::monostate) const { return {}; }
};

struct speller {
  using json = nlohmann::json;
  using spelling = std::optional<json>;

  spelling operator()(std::chrono::nanoseconds* value) const {
    return format_duration(*value);
  }
  spelling operator()(std::uint64_t* value) const {
    return format_bytes(*value);
  }
  spelling operator()(std::string* value) const {
    return value->empty() ? spelling{} : *value;
  }
  spelling operator()(endpoint* value) const { return format_endpoint(*value); }
  spelling operator()(std::optional<endpoint>* value) const {
    return *value ? format_endpoint(**value) : spelling{};
  }
  spelling operator()(arguments* value) const {
    return value->value.is_null() ? spelling{} : value->value;
  }
  spelling operator()(std::vector<module_options>* list) const {
    auto entries = json::array();
    for (const auto& module : *list)
      entries.push_back(module.entry);
    return entries;
  }
  spelling operator()(std::map<std::string, log_level>* value) const {
    auto object = json::object();
    for (const auto& [name, level] : *value)
      object[name] = to_string(level);
    return object;
  }
  template <class Value>
  spelling operator()(Value* value) const {
    if constexpr (std::is_enum_v<Value>)
      return json(to_string(*value));
    else
      return json(*value);
  }
  template <class Element>
  spelling operator()(std::vector<Element>* list) const {
    if constexpr (is_owner<Element>)
      return std::nullopt;
    else
      return json(*list);
  }
  spelling operator()(std::monostate) const { return std::nullopt; }
};

std::string duration_text(double nanoseconds) {
  return format_duration(
      std::chrono::nanoseconds{static_cast<std::int64_t>(nanoseconds)});
}

std::string bytes_text(double bytes) {
  return format_bytes(static_cast<std::uint64_t>(bytes));
}

std::string list_text(const row& key) {
  if (key.min > 0)
    return fmt::format("a list of {} to {} items", key.min, key.max);
  return fmt::format("a list of at most {} items", key.max);
}

std::string quantity(std::string_view kind, const row& key) {
  auto text = fmt::format("{} from {} to {}", kind, key.min, key.max);
  if (!key.unit.empty())
    text += fmt::format(" {}", key.unit);
  return text;
}

} // namespace

std::span<const row> schema() {
  return schema_rows();
}

const row* find_row(std::string_view path) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const row*> rows;
    for (const auto& row : schema())
      rows.emplace(row.path, &row);
    return rows;
  }();
  const auto found = index.find(path);
  return found == index.end() ? nullptr : found->second;
}

std::span<const row* const> children(std::string_view path) {
  using rows = std::vector<const row*>;
  static const auto index = [] {
    std::unordered_map<std::string_view, rows> below;
    for (const auto& row : schema())
      below[parent(row.path)].push_back(&row);
    return below;
  }();
  const auto found = index.find(path);
  if (found == index.end())
    return {};
  return found->second;
}

std::string_view last_part(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

field bound(const row& key, owner whole) {
  return key.bind ? key.bind(whole) : field{};
}

std::vector<std::string> choices(const row& key) {
  return with_default(
      key, [](field member) { return std::visit(choice_names{}, member); });
}

std::string expected(const row& key) {
  switch (key.type) {
  case value_type::section:
    return "a map of keys";
  case value_type::list:
    return list_text(key);
  case value_type::directive:
    return key.max > 0 ? quantity("an integer", key)
                       : "a file name or a list of file names";
  case value_type::name:
    return "a name of 1 to 64 letters, digits, _, . and -, not starting "
           "with . or -";
  case value_type::boolean:
    return "true or false";
  case value_type::integer:
    return quantity("an integer", key);
  case value_type::number:
    return quantity("a number", key);
  case value_type::duration:
    return fmt::format("a duration from {} to {}", duration_text(key.min),
                       duration_text(key.max));
  case value_type::bytes:
    return fmt::format("a size from {} to {}", bytes_text(key.min),
                       bytes_text(key.max));
  case value_type::endpoint:
    return "host:port such as 127.0.0.1:7001 or [::1]:7001";
  case value_type::choice:
    return fmt::format("one of {}", fmt::join(choices(key), ", "));
  case value_type::path:
    return "the path of a file";
  case value_type::library:
    return "the path of a shared library or the name of a linked module";
  case value_type::type_name:
    return "module.name such as hello.greeter";
  case value_type::arguments:
    return "a map (by name) or a list (by position)";
  }
  return {};
}

owner add_element(field list) {
  const auto add = [](auto member) -> owner {
    if constexpr (requires { owner{&member->emplace_back()}; })
      return &member->emplace_back();
    WEFT_ASSERT(!"a list of structs");
    return {};
  };
  return std::visit(add, list);
}

void clear_list(field list) {
  const auto clear = [](auto member) {
    if constexpr (requires { member->emplace_back(); })
      return member->clear();
    WEFT_ASSERT(!"a list");
  };
  std::visit(clear, list);
}

std::vector<owner> elements(field list) {
  const auto collect = [](auto member) {
    std::vector<owner> all;
    if constexpr (requires { owner{&member->emplace_back()}; })
      for (auto& element : *member)
        all.emplace_back(&element);
    return all;
  };
  return std::visit(collect, list);
}

std::optional<nlohmann::json> spell(field member) {
  return std::visit(speller{}, member);
}

std::optional<nlohmann::json> default_of(const row& key) {
  const bool none = key.state != presence::optional
                    || key.type == value_type::section
                    || key.path.ends_with("[]") || key.path.ends_with(".*");
  if (none)
    return std::nullopt;
  auto value = with_default(key, [](field member) { return spell(member); });
  if (key.type == value_type::list && !value)
    return nlohmann::json::array();
  return value;
}

} // namespace weft::config
