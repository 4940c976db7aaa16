#include "runtime/supervision/unfinished_starts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::supervision {

namespace {

bool is_unfinished(const tree_node& node) {
  return node.state == child_state::starting
         || node.state == child_state::restarting
         || node.state == child_state::unresponsive;
}

void find_unfinished(const tree_node& node, const std::string& path,
                     std::vector<unfinished_start>& found) {
  const auto before = found.size();
  for (const auto& child : node.children)
    find_unfinished(child, path + "/" + child.name, found);
  if (found.size() == before && is_unfinished(node))
    found.push_back({path, node.state, node.last_reason});
}

} // namespace

std::vector<unfinished_start> unfinished_starts(const tree_node& root) {
  std::vector<unfinished_start> found;
  find_unfinished(root, root.name, found);
  return found;
}

std::string to_string(const std::vector<unfinished_start>& all,
                      std::size_t named_max) {
  std::string text;
  const auto named = std::min(all.size(), named_max);
  for (std::size_t i = 0; i < named; ++i) {
    const auto& [path, state, reason] = all[i];
    text +=
        fmt::format("{}{} is {}", i == 0 ? "" : ", ", path, to_string(state));
    if (!reason.empty())
      text += fmt::format(" ({})", reason);
  }
  if (named < all.size())
    text += fmt::format(" and {} more", all.size() - named);
  return text;
}

} // namespace weft::supervision
