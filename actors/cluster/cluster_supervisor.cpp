#include "actors/cluster/cluster_supervisor.hpp"

#include "actors/cluster/node_attempt.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace weft::actors {

namespace {

using namespace std::chrono_literals;

constexpr const char* watch_id = "watch";

/// A node has come up that no child stands for: asks for a start of its
/// child, which will find it. That it runs already is no mistake.
void adopt(const std::shared_ptr<cluster_handles>& handles,
           const std::string& node) {
  handles->supervisor.when_set([handles, node] {
    post(handles->supervisor.get(), supervision::restart_child{node});
  });
}

supervision::child_spec
watch_child(std::shared_ptr<const cluster_parts> parts) {
  supervision::child_spec child;
  child.id = watch_id;
  child.start = [parts](caf::event_based_actor& supervisor,
                        supervision::start_done done) {
    const auto membership = parts->membership();
    if (!membership)
      return done(fail(errc::unavailable, "this node has no membership"));
    node_watch_options options;
    options.self = parts->options.self;
    options.path = parts->options.path;
    options.restarts = parts->starter.exists;
    options.on_up = [parts](const std::string& node) {
      adopt(parts->handles, node);
    };
    const auto watch =
        spawn_node_watch(supervisor.system(), std::move(options), membership);
    parts->handles->watch.set(watch);
    done(caf::actor_cast<caf::strong_actor_ptr>(watch));
  };
  return child;
}

supervision::child_spec node_child(std::shared_ptr<const cluster_parts> parts,
                                   const std::string& node) {
  supervision::child_spec child;
  child.id = node;
  child.kind = supervision::child_kind::node;
  // A node that leaves in good order ends its stand-in with `shutdown`.
  child.restart = supervision::restart_kind::transient;
  child.shutdown = supervision::shutdown_policy::within(1s);
  child.start_timeout = attempt_timeout(parts->options);
  child.start = [parts, node, was_up = std::make_shared<bool>(false)](
                    caf::event_based_actor& supervisor,
                    supervision::start_done done) {
    const bool again = *was_up && parts->starter.exists;
    attempt_node(supervisor, parts, node,
                 again ? attempt_kind::start : attempt_kind::find,
                 [was_up, done](result<caf::strong_actor_ptr> up) {
                   *was_up = *was_up || (up && *up);
                   done(std::move(up));
                 });
  };
  return child;
}

/// A large cluster may lose several nodes at once, so each node brings its own
/// share of restarts.
std::uint32_t whole_intensity(const cluster_supervisor_options& options) {
  const std::uint64_t nodes = std::max<std::size_t>(options.nodes.size(), 1);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(options.policy.intensity * nodes,
                              supervision::supervisor_policy::intensity_max));
}

} // namespace

supervision::child_spec
cluster_supervisor_child(cluster_supervisor_options options,
                         process_starter starter,
                         std::function<membership_actor()> membership,
                         std::shared_ptr<cluster_handles> handles) {
  auto parts = std::make_shared<cluster_parts>();
  supervision::supervisor_options supervisor;
  supervisor.path = options.path;
  supervisor.policy = options.policy;
  supervisor.policy.intensity = whole_intensity(options);
  supervisor.observer = options.observer;
  parts->options = std::move(options);
  parts->starter = std::move(starter);
  parts->membership = std::move(membership);
  parts->handles = handles;
  supervisor.children.push_back(watch_child(parts));
  for (const auto& node : parts->options.nodes)
    supervisor.children.push_back(node_child(parts, node));
  // When it gives up it ends with `shutdown`, and the launcher ends the rest.
  auto child = supervision::supervisor_child(
      std::move(supervisor), supervision::restart_kind::transient);
  child.start = [start = std::move(child.start),
                 handles](caf::event_based_actor& parent,
                          supervision::start_done done) {
    start(parent, [handles, done](result<caf::strong_actor_ptr> actor) {
      if (actor)
        handles->supervisor.set(
            caf::actor_cast<supervision::local_supervisor_actor>(*actor));
      done(std::move(actor));
    });
  };
  return child;
}

} // namespace weft::actors
