#pragma once

#include "actors/membership/node_entry_actor.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/node/services.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace weft {

/// What operators ask of a node and, through any node, of the whole cluster.
/// Each call needs an actor to send requests from, and answers in it, once.
class node_commands : public std::enable_shared_from_this<node_commands> {
public:
  using answer = std::function<void(result<nlohmann::json>)>;

  explicit node_commands(std::shared_ptr<node_services> services);

  /// Runs a command on this node: "status", "tree", "members", or "kill" with
  /// {"path": "hello/greeter-3"} below this node. `unsupported` for others.
  void run(caf::event_based_actor* self, const actors::node_command& what,
           answer done);

  /// {cluster, seen_by, nodes: [{name, state, reason, pid, listen, http,
  /// incarnation, uptime_ms, actors, restarts}]} as this node sees it, with
  /// what each present node says of itself.
  void cluster_status(caf::event_based_actor* self, answer done);

  /// {trees: [...]} of all present nodes, in the order of the file; of a node
  /// that does not answer {name, state: "unresponsive"}.
  void cluster_trees(caf::event_based_actor* self, answer done);

  /// {tree} of this node.
  void tree(caf::event_based_actor* self, answer done);

  /// Kills the actor at "n2/hello/greeter-3", on whatever node.
  void kill(caf::event_based_actor* self, const std::string& path, answer done);

private:
  using answers = std::map<std::string, result<nlohmann::json>>;

  void own_status(caf::event_based_actor* self, answer done);
  void members(caf::event_based_actor* self, answer done);
  void kill_here(caf::event_based_actor* self, const std::string& path,
                 answer done);
  void ask_peer(caf::event_based_actor* self, const actors::peer& peer,
                actors::node_command what, answer done);
  /// Asks every present node, this one among them.
  void ask_all(caf::event_based_actor* self, const actors::node_command& what,
               std::function<void(answers)> done);
  nlohmann::json merged_status(const nlohmann::json& members,
                               const answers& said) const;

  std::shared_ptr<node_services> services_;
};

} // namespace weft
