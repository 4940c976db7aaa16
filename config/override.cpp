#include "config/override.hpp"

#include "config/text_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace weft::config {

namespace {

bool is_yaml(std::string_view value) {
  const auto enclosed = [&](char first, char last) {
    return value.size() >= 2 && value.front() == first && value.back() == last;
  };
  return enclosed('[', ']') || enclosed('{', '}') || enclosed('"', '"');
}

void set_place(yaml_node& tree, place where) {
  tree.where = where;
  for (auto& item : tree.items)
    set_place(item, where);
  for (auto& entry : tree.entries) {
    entry.where = where;
    set_place(entry.value, where);
  }
}

/// Walks along a path and makes what is missing.
class walk {
public:
  walk(std::string_view path, place where, problem_list& problems)
      : path_(path), rest_(path), where_(where), problems_(problems) {}

  /// The value at the path, or null after a report.
  yaml_node* to_end(yaml_node& root) {
    auto* node = &root;
    for (std::size_t depth = 0; node && !rest_.empty(); ++depth) {
      if (depth >= limits::depth_max)
        return refuse(
            fmt::format("a path of at most {} parts", limits::depth_max));
      node = rest_.front() == '[' ? item(*node) : child(*node);
    }
    return node;
  }

private:
  yaml_node* item(yaml_node& list) {
    const auto close = rest_.find(']');
    const auto digits = rest_.substr(1, close - 1);
    std::size_t index = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, code] = std::from_chars(digits.data(), end, index);
    if (close == std::string_view::npos || code != std::errc{} || stop != end)
      return refuse("an index such as [0]");
    if (index >= list.items.size())
      return refuse(fmt::format("an index below {}", list.items.size()));
    rest_.remove_prefix(close + 1);
    return end_part() ? &list.items[index] : nullptr;
  }

  yaml_node* child(yaml_node& node) {
    if (node.kind == yaml_kind::list)
      return named_item(node);
    if (node.kind == yaml_kind::scalar)
      return refuse("a path to a map's key; the value before it is no map");
    node.kind = yaml_kind::map;
    const auto end = rest_.find_first_of(".[");
    const std::string key{rest_.substr(0, end)};
    if (key.empty())
      return refuse("a path such as log.level or nodes[0].listen");
    rest_.remove_prefix(key.size());
    if (!end_part())
      return nullptr;
    if (auto* entry = node.find(key))
      return &entry->value;
    yaml_node made;
    made.where = where_;
    node.entries.push_back({key, where_, std::move(made)});
    return &node.entries.back().value;
  }

  /// Names may have dots, so the longest name that fits is taken.
  yaml_node* named_item(yaml_node& list) {
    yaml_node* best = nullptr;
    std::size_t best_size = 0;
    std::vector<std::string> names;
    for (auto& candidate : list.items) {
      const auto* name = candidate.find("name");
      if (!name)
        continue;
      const std::string_view text = name->value.text;
      names.emplace_back(text);
      const bool fits =
          rest_.starts_with(text)
          && (rest_.size() == text.size() || rest_[text.size()] == '.');
      if (fits && text.size() > best_size) {
        best = &candidate;
        best_size = text.size();
      }
    }
    if (!best) {
      const auto word = rest_.substr(0, rest_.find('.'));
      return refuse("an index or the name of an entry",
                    problems_.suggestion(word, names));
    }
    rest_.remove_prefix(best_size);
    return end_part() ? best : nullptr;
  }

  /// Steps over the dot between two parts.
  bool end_part() {
    if (rest_.empty() || rest_.front() == '[')
      return true;
    if (rest_.front() == '.' && rest_.size() > 1) {
      rest_.remove_prefix(1);
      return true;
    }
    refuse("a path such as log.level or nodes[0].listen");
    return false;
  }

  yaml_node* refuse(std::string_view expectation, std::string_view hint = "") {
    problems_.add(where_, quote_free_path(),
                  fmt::format("expected {}, got {}{}", expectation,
                              quote(rest_.empty() ? path_ : rest_), hint));
    return nullptr;
  }

  std::string quote_free_path() const {
    return find_text_fault(path_) || path_.size() > 200 ? quote(path_)
                                                        : std::string{path_};
  }

  std::string_view path_;
  std::string_view rest_;
  place where_;
  problem_list& problems_;
};

} // namespace

std::vector<override_text> parse_overrides(std::span<const std::string> texts,
                                           place where,
                                           problem_list& problems) {
  std::vector<override_text> overrides;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    const bool valid =
        equals != std::string::npos && equals > 0 && !find_text_fault(text);
    if (valid)
      overrides.push_back({text.substr(0, equals), text.substr(equals + 1)});
    else
      problems.add(where, "",
                   fmt::format("expected path=value such as log.level=debug, "
                               "got {}",
                               quote(text)));
  }
  return overrides;
}

void apply_override(yaml_node& root, const override_text& what, place where,
                    yaml_usage& usage, problem_list& problems) {
  yaml_node value;
  if (is_yaml(what.value)) {
    auto parsed = parse_yaml(what.value, where.file, usage, problems);
    if (!parsed)
      return;
    value = *std::move(parsed);
    set_place(value, where);
  } else {
    value.kind = yaml_kind::scalar;
    value.where = where;
    value.text = what.value;
  }
  if (auto* target = walk{what.path, where, problems}.to_end(root)) {
    *target = std::move(value);
  }
}

} // namespace weft::config
