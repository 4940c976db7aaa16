#include "runtime/node/tree_json.hpp"

namespace weft {

nlohmann::json to_json(const supervision::tree_node& node) {
  auto children = nlohmann::json::array();
  for (const auto& child : node.children)
    children.push_back(to_json(child));
  return {{"name", node.name},
          {"kind", supervision::to_string(node.kind)},
          {"state", supervision::to_string(node.state)},
          {"restarts", node.restarts},
          {"uptime_ms", node.uptime_ms},
          {"last_reason", node.last_reason},
          {"omitted", node.omitted},
          {"children", std::move(children)}};
}

std::size_t running_workers(const supervision::tree_node& node) {
  using supervision::child_kind;
  using supervision::child_state;
  std::size_t count =
      node.kind == child_kind::worker && node.state == child_state::running;
  for (const auto& child : node.children)
    count += running_workers(child);
  return count;
}

} // namespace weft
