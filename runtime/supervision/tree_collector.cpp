#include "runtime/supervision/tree_collector.hpp"

#include "runtime/caf/error.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

namespace weft::supervision {

namespace {

struct collection {
  tree_node root;
  caf::typed_response_promise<tree_node> answer;
  /// Supervisors that have not answered yet, and the collector itself.
  std::size_t open = 1;

  void close_one() {
    if (--open == 0)
      answer.deliver(std::move(root));
  }
};

tree_node node_of(const child_info& child) {
  return {.name = child.id,
          .kind = child.kind,
          .state = child.state,
          .restarts = child.restarts,
          .uptime_ms = child.uptime_ms,
          .last_reason = child.last_reason,
          .children = {},
          .omitted = 0};
}

} // namespace

std::uint64_t next_deadline_ms(std::uint64_t deadline_ms) {
  return std::max<std::uint64_t>(1, deadline_ms - deadline_ms / 4);
}

void collect_tree(caf::event_based_actor* self, tree_node root,
                  const std::vector<child_info>& children,
                  const tree_request& what,
                  caf::typed_response_promise<tree_node> answer) {
  auto whole = std::make_shared<collection>();
  whole->answer = std::move(answer);
  for (const auto& child : children)
    root.children.push_back(node_of(child));
  whole->root = std::move(root);
  const auto deadline = std::chrono::milliseconds{
      std::clamp<std::uint64_t>(what.deadline_ms, 1, 60'000)};
  auto below = what;
  below.deadline_ms =
      next_deadline_ms(static_cast<std::uint64_t>(deadline.count()));
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].kind == child_kind::worker || !children[i].actor)
      continue;
    ++whole->open;
    const auto to = caf::actor_cast<supervisor_actor>(children[i].actor);
    request(self, to, deadline, below)
        .then(
            [whole, i](tree_node& found) {
              auto& place = whole->root.children[i];
              place.children = std::move(found.children);
              place.omitted = found.omitted;
              whole->close_one();
            },
            [whole, i](const caf::error& error) {
              auto& place = whole->root.children[i];
              place.state = child_state::unresponsive;
              place.last_reason = from_caf(error).message;
              whole->close_one();
            });
  }
  whole->close_one();
}

} // namespace weft::supervision
