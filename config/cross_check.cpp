#include "config/cross_check.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace weft::config {

cross_check::cross_check(const cluster_options& options, const yaml_node& root,
                         const source_files& files, problem_list& problems)
    : options_(options), problems_(problems), root_(root), files_(files) {
  for (const auto& node : options.nodes) {
    nodes_by_name_.emplace(node.name, node_names_.size());
    node_names_.push_back(node.name);
  }
}

void cross_check::add(const std::string& path, std::string message) {
  problems_.add(place_of(path), path, std::move(message));
}

void cross_check::add_pair(const std::string& path, const std::string& other,
                           std::string message) {
  if (failed(path) || failed(other))
    return;
  const auto where = has(path) ? path : other;
  problems_.add(place_of(where), path, std::move(message));
}

void cross_check::check_unique(places_by_name& known, const std::string& name,
                               const std::string& path, std::string_view what) {
  if (name.empty() || failed(path))
    return;
  const auto [first, added] = known.emplace(name, path);
  if (!added)
    add(path, fmt::format("expected a name that no other {} has, got {}; the "
                          "first is at {}",
                          what, quote(name),
                          to_string(files_.locate(place_of(first->second)))));
}

bool cross_check::check_node(const std::string& name, const std::string& path) {
  if (name.empty() || failed(path) || failed("nodes"))
    return false;
  if (nodes_by_name_.contains(name))
    return true;
  add(path, fmt::format("expected the name of one of the nodes, got {}{}",
                        quote(name), problems_.suggestion(name, node_names_)));
  return false;
}

std::size_t cross_check::number_of(const std::string& node) const {
  const auto found = nodes_by_name_.find(node);
  WEFT_ASSERT(found != nodes_by_name_.end());
  return found->second;
}

std::vector<std::string> cross_check::item_paths(const std::string& list,
                                                 std::size_t count) const {
  std::vector<std::string> paths;
  for (std::size_t i = 0; paths.size() < count; ++i) {
    auto path = join_path(list, i);
    if (!failed(path))
      paths.push_back(std::move(path));
  }
  return paths;
}

std::pair<place, bool> cross_check::walk(std::string_view path) const {
  const auto* node = &root_;
  for (auto part : split(path, '.')) {
    const auto bracket = part.find('[');
    const auto* entry = node->find(part.substr(0, bracket));
    if (!entry)
      return {node->where, false};
    node = &entry->value;
    if (bracket == std::string_view::npos)
      continue;
    std::size_t index = 0;
    const auto digits = part.substr(bracket + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (index >= node->items.size())
      return {node->where, false};
    node = &node->items[index];
  }
  return {node->where, true};
}

} // namespace weft::config
