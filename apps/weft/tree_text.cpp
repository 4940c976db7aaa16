#include "apps/weft/tree_text.hpp"

#include "apps/weft/text_table.hpp"

#include <fmt/core.h>

namespace weft::apps {

namespace {

using rows = std::vector<std::vector<std::string>>;

std::string restarts_text(const nlohmann::json& node) {
  const auto count = node.value("restarts", 0);
  if (count == 0)
    return "";
  const auto reason = node.value("last_reason", std::string{});
  return fmt::format("{} restart{}{}", count, count == 1 ? "" : "s",
                     reason.empty() ? "" : ", last: " + reason);
}

void draw(const nlohmann::json& node, const std::string& lead,
          const std::string& indent, rows& into) {
  const auto kind = node.value("kind", std::string{"worker"});
  const auto uptime = node.value("uptime_ms", 0.0) / 1000;
  const auto state = node.value("state", std::string{"?"});
  into.push_back({lead + node.value("name", std::string{"?"}),
                  kind == "worker" ? "" : kind, state,
                  state == "running" ? elapsed_text(uptime) : "",
                  restarts_text(node)});
  const auto children = node.find("children");
  if (children == node.end() || !children->is_array())
    return;
  for (std::size_t i = 0; i < children->size(); ++i) {
    const bool last = i + 1 == children->size();
    draw((*children)[i], indent + (last ? "└─ " : "├─ "),
         indent + (last ? "   " : "│  "), into);
  }
}

} // namespace

std::string tree_text(const nlohmann::json& tree) {
  rows lines;
  draw(tree, "", "", lines);
  return text_table(lines);
}

} // namespace weft::apps
