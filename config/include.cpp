#include "config/include.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace weft::config {

namespace {

std::string beside(const std::string& including, const std::string& name) {
  const auto folder = std::filesystem::path{including}.parent_path();
  return (folder / name).lexically_normal().string();
}

} // namespace

void merge(yaml_node& under, yaml_node over) {
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < under.entries.size(); ++i)
    index.emplace(under.entries[i].key, i);
  for (auto& entry : over.entries) {
    const auto found = index.find(entry.key);
    if (found == index.end()) {
      under.entries.push_back(std::move(entry));
      continue;
    }
    auto& present = under.entries[found->second];
    auto& value = present.value;
    if (value.kind == yaml_kind::map && entry.value.kind == yaml_kind::map) {
      merge(value, std::move(entry.value));
    } else if (value.kind == yaml_kind::list
               && entry.value.kind == yaml_kind::list) {
      value.items.insert(value.items.end(),
                         std::make_move_iterator(entry.value.items.begin()),
                         std::make_move_iterator(entry.value.items.end()));
    } else {
      present = std::move(entry);
    }
  }
}

std::optional<yaml_node> inclusion::parse(const std::string& text,
                                          const std::string& name) {
  const auto full = (std::filesystem::path{with_.folder} / name);
  const auto file =
      with_.files.add(name, full.lexically_normal().parent_path().string());
  auto root = parse_yaml(text, file, with_.usage, with_.problems);
  if (!root)
    return std::nullopt;
  if (root->kind != yaml_kind::map) {
    with_.problems.add(root->where, "",
                       fmt::format("expected a map of keys such as cluster "
                                   "and nodes, got {}",
                                   describe(*root)));
    return std::nullopt;
  }
  substitute_variables(*root, with_.environment, with_.usage, with_.problems);
  const auto directive =
      std::find_if(root->entries.begin(), root->entries.end(),
                   [](const auto& entry) { return entry.key == "include"; });
  if (directive == root->entries.end())
    return root;
  const auto from = std::move(directive->value);
  root->entries.erase(directive);
  yaml_node merged;
  merged.kind = yaml_kind::map;
  merged.where = root->where;
  open_.push_back(beside(name, std::filesystem::path{name}.filename()));
  if (from.kind != yaml_kind::list)
    include(merged, from, name, "include");
  for (std::size_t i = 0; i < from.items.size(); ++i)
    include(merged, from.items[i], name, join_path("include", i));
  open_.pop_back();
  merge(merged, *std::move(root));
  return merged;
}

void inclusion::include(yaml_node& under, const yaml_node& from,
                        const std::string& including, const std::string& path) {
  if (from.kind != yaml_kind::scalar || from.text.empty()) {
    with_.problems.add(from.where, path,
                       fmt::format("expected a file name or a list of file "
                                   "names, got {}",
                                   describe(from)));
    return;
  }
  if (auto tree = read(beside(including, from.text), from, path))
    merge(under, *std::move(tree));
}

std::optional<yaml_node> inclusion::read(const std::string& name,
                                         const yaml_node& from,
                                         const std::string& path) {
  const auto refuse = [&](std::string message) -> std::optional<yaml_node> {
    with_.problems.add(from.where, path, std::move(message));
    return std::nullopt;
  };
  if (std::find(open_.begin(), open_.end(), name) != open_.end())
    return refuse(fmt::format("expected files that do not include each other, "
                              "got the circle {} -> {}",
                              fmt::join(open_, " -> "), name));
  if (open_.size() >= depth_max)
    return refuse(fmt::format("expected files included at most {} deep, got "
                              "{}",
                              depth_max, quote(from.text)));
  if (with_.files.size() >= files_max)
    return refuse(fmt::format("expected at most {} files, got {}", files_max,
                              quote(from.text)));
  auto text = with_.read(name);
  if (!text)
    return refuse(text.error().message);
  return parse(*text, name);
}

} // namespace weft::config
