#include "config/bind.hpp"

#include "config/bind_scalar.hpp"
#include "config/plain_json.hpp"
#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weft::config {

namespace {

/// A value with the two forms of its path: the row's, and the one to show.
struct located_value {
  const yaml_node& node;
  std::string pattern;
  std::string path;
};

struct element_place {
  const location& where;

  void operator()(cluster_options*) const {}
  template <class Element>
  void operator()(Element* element) const {
    element->where = where;
  }
};

class binder {
public:
  binder(const source_files& files, problem_list& problems)
      : files_(files), problems_(problems) {}

  void bind_section(const located_value& at, owner whole) {
    if (at.node.kind == yaml_kind::map)
      for (const auto& entry : at.node.entries)
        bind_entry(at, entry, whole);
    for (const auto* key : children(at.pattern))
      if (key->state == presence::required
          && !at.node.find(last_part(key->path)))
        problems_.add(at.node.where, join_path(at.path, last_part(key->path)),
                      fmt::format("expected {}, got nothing: the key is "
                                  "required",
                                  expected(*key)));
  }

private:
  void bind_entry(const located_value& at, const yaml_entry& entry,
                  owner whole) {
    const auto path = join_path(at.path, entry.key);
    const auto* key = find_key(at.pattern, entry.key);
    if (!key)
      return report_unknown(at, entry, path);
    if (key->state == presence::planned) {
      problems_.add(entry.where, path,
                    fmt::format("expected nothing, since this version of weft "
                                "has no {} yet, got {}",
                                key->doc, describe(entry.value)));
      return;
    }
    bind_value(*key, {entry.value, std::string{key->path}, path}, entry.key,
               whole);
  }

  static const row* find_key(const std::string& pattern,
                             const std::string& key) {
    const auto prefix = pattern.empty() ? "" : pattern + ".";
    if (key.find_first_of(".[*") == std::string::npos)
      if (const auto* found = find_row(prefix + key))
        return found;
    return find_row(prefix + "*");
  }

  void report_unknown(const located_value& at, const yaml_entry& entry,
                      const std::string& path) {
    std::vector<std::string> known;
    for (const auto* key : children(at.pattern))
      if (key->state != presence::planned)
        known.emplace_back(last_part(key->path));
    auto hint = problems_.suggestion(entry.key, known);
    auto choice =
        hint.empty() ? fmt::format("one of the keys {}", fmt::join(known, ", "))
                     : "a known key";
    problems_.add(
        entry.where, path,
        fmt::format("expected {}, got {}{}", choice, quote(entry.key), hint));
  }

  void bind_value(const row& key, const located_value& at,
                  std::string_view last_key, owner whole) {
    if (at.node.refused)
      return problems_.mark_failed(at.path);
    const auto kind = at.node.kind;
    const bool empty = kind == yaml_kind::null;
    switch (key.type) {
    case value_type::section:
      if (kind == yaml_kind::map || empty)
        return bind_section(at, whole);
      return refuse(at, expected(key));
    case value_type::list:
      if (kind == yaml_kind::list || empty)
        return bind_list(key, at, whole);
      // How many items it may have is not what is wrong.
      return refuse(at, "a list");
    case value_type::arguments:
      if (kind == yaml_kind::scalar)
        return refuse(at, expected(key));
      *std::get<arguments*>(bound(key, whole)) =
          to_arguments(at.node, at.path, files_, problems_);
      return;
    case value_type::directive:
      return;
    default:
      return bind_text(key, at, last_key, whole);
    }
  }

  void bind_list(const row& key, const located_value& at, owner whole) {
    if (at.node.kind != yaml_kind::list)
      return;
    const auto& items = at.node.items;
    if (static_cast<double>(items.size()) > key.max)
      problems_.add(at.node.where, at.path,
                    fmt::format("expected at most {} items, got {}", key.max,
                                items.size()));
    if (static_cast<double>(items.size()) < key.min)
      return problems_.add(
          at.node.where, at.path,
          fmt::format("expected {}, got {}", expected(key), items.size()));
    clear_list(bound(key, whole));
    const auto count =
        std::min(items.size(), static_cast<std::size_t>(key.max));
    const auto pattern = at.pattern + "[]";
    const auto& item_row = *find_row(pattern);
    for (std::size_t i = 0; i < count; ++i) {
      const located_value item{items[i], pattern, join_path(at.path, i)};
      if (item_row.type != value_type::section) {
        bind_value(item_row, item, "", whole);
        continue;
      }
      const auto element = add_element(bound(key, whole));
      std::visit(element_place{files_.locate(item.node.where)}, element);
      if (item.node.kind == yaml_kind::map)
        bind_section(item, element);
      else
        refuse(item, expected(item_row));
    }
  }

  void bind_text(const row& key, const located_value& at,
                 std::string_view last_key, owner whole) {
    if (at.node.kind != yaml_kind::scalar)
      return refuse(at, expected(key));
    const scalar_input input{key, at.node, last_key, files_};
    auto reason = bind_scalar(input, bound(key, whole));
    if (!reason)
      return;
    if (can_replicate(key) && at.node.text.find("{index}") != std::string::npos)
      *reason += "; {index} needs replicate beside it";
    std::string hint;
    if (key.type == value_type::choice)
      hint = problems_.suggestion(at.node.text, choices(key));
    refuse(at, *reason, hint);
  }

  /// Whether the key is one of a list whose entries can be replicated.
  static bool can_replicate(const row& key) {
    const auto item = key.path.substr(0, key.path.find('['));
    return find_row(fmt::format("{}[].replicate", item)) != nullptr;
  }

  void refuse(const located_value& at, std::string_view expectation,
              std::string_view hint = "") {
    problems_.add(at.node.where, at.path,
                  fmt::format("expected {}, got {}{}", expectation,
                              describe(at.node), hint));
  }

  const source_files& files_;
  problem_list& problems_;
};

} // namespace

cluster_options bind_options(const yaml_node& root, const source_files& files,
                             problem_list& problems) {
  cluster_options options;
  binder{files, problems}.bind_section({root, "", ""}, &options);
  return options;
}

} // namespace weft::config
