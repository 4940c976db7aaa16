#include "config/replicate.hpp"

#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace weft::config {

namespace {

constexpr std::string_view placeholder = "{index}";

void set_index(yaml_node& node, const std::string& index) {
  if (node.kind == yaml_kind::scalar) {
    node.quoted = node.quoted && node.text != placeholder;
    std::size_t at = 0;
    while ((at = node.text.find(placeholder, at)) != std::string::npos) {
      node.text.replace(at, placeholder.size(), index);
      at += index.size();
    }
  }
  for (auto& item : node.items)
    set_index(item, index);
  for (auto& entry : node.entries)
    set_index(entry.value, index);
}

/// An unquoted {index} is a map with an empty key in YAML; finds one.
const yaml_node* unquoted_placeholder(const yaml_node& node) {
  const bool found = node.entries.size() == 1 && node.entries[0].key == "index"
                     && node.entries[0].value.kind == yaml_kind::null;
  if (found)
    return &node;
  for (const auto& item : node.items)
    if (const auto* deeper = unquoted_placeholder(item))
      return deeper;
  for (const auto& entry : node.entries)
    if (const auto* deeper = unquoted_placeholder(entry.value))
      return deeper;
  return nullptr;
}

class replication {
public:
  replication(yaml_usage usage, problem_list& problems)
      : usage_(usage), problems_(problems) {}

  /// `key` is the row of the directive.
  void expand(yaml_node& list, const row& key, const std::string& path) {
    std::vector<yaml_node> expanded;
    for (auto& item : list.items) {
      const auto copies =
          take_count(item, key, join_path(path, expanded.size()));
      if (copies == 0) {
        expanded.push_back(std::move(item));
        continue;
      }
      const auto size = measure(item);
      for (std::size_t i = 1; i <= copies; ++i) {
        if (!charge(size, item.where, path))
          break;
        expanded.push_back(item);
        set_index(expanded.back(), std::to_string(i));
      }
    }
    list.items = std::move(expanded);
  }

private:
  /// Removes the directive and returns its number; 0 if there is none, 1 if
  /// it is wrong.
  std::size_t take_count(yaml_node& item, const row& key,
                         const std::string& path) {
    auto& entries = item.entries;
    const auto found =
        std::find_if(entries.begin(), entries.end(), [](const auto& entry) {
          return entry.key == "replicate";
        });
    if (found == entries.end())
      return 0;
    const auto value = std::move(found->value);
    entries.erase(found);
    if (const auto* bare = unquoted_placeholder(item))
      problems_.add(bare->where, path,
                    "expected \"{index}\" in quotes, got a map, which is what "
                    "YAML takes braces for");
    std::size_t count = 0;
    const auto* end = value.text.data() + value.text.size();
    const auto [stop, code] = std::from_chars(value.text.data(), end, count);
    const auto number = static_cast<double>(count);
    if (value.kind == yaml_kind::scalar && code == std::errc{} && stop == end
        && number >= key.min && number <= key.max)
      return count;
    problems_.add(
        value.where, join_path(path, "replicate"),
        fmt::format("expected {}, got {}", expected(key), describe(value)));
    return 1;
  }

  bool charge(const yaml_usage& size, place where, const std::string& path) {
    usage_.nodes += size.nodes;
    // No index is longer than its placeholder, so this does not grow.
    usage_.text_bytes += size.text_bytes;
    const bool fits = usage_.nodes <= limits::replicated_nodes_max
                      && usage_.text_bytes <= limits::text_bytes_max;
    if (!fits)
      problems_.add(where, path,
                    fmt::format("expected at most {} values with {} bytes of "
                                "text after replicate, got more",
                                limits::replicated_nodes_max,
                                limits::text_bytes_max));
    return fits;
  }

  yaml_usage usage_;
  problem_list& problems_;
};

} // namespace

void replicate(yaml_node& root, problem_list& problems) {
  replication run{measure(root), problems};
  for (auto& entry : root.entries) {
    const auto* key = find_row(entry.key + "[].replicate");
    if (key && entry.value.kind == yaml_kind::list)
      run.expand(entry.value, *key, entry.key);
  }
}

} // namespace weft::config
