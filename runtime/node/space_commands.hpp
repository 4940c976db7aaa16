#pragma once

#include "runtime/node/services.hpp"
#include "runtime/node/space_command.hpp"
#include "runtime/node/space_transfers.hpp"
#include "runtime/node/space_watches.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>

namespace weft {

/// What operators do with the tuple spaces of the cluster, through any node
/// that may use them. They may name any tenant: whoever reaches the control
/// socket has the whole node. `run` only in the gateway's actor, which all
/// waiting, claims and watches belong to.
class space_commands {
public:
  using answer = std::function<void(result<nlohmann::json>)>;

  explicit space_commands(std::shared_ptr<node_services> services);

  /// {"ok", "spaces": [...]}, of all that this node may use. Any thread.
  nlohmann::json list() const;

  /// Carries it out; `to` is called once, within `space_wait_max` and what the
  /// space itself needs to answer.
  void run(caf::event_based_actor* self, const space_command& what,
           answer to) const;

private:
  result<const space_table::entry*> find(const space_command& what) const;
  /// A transfer, if the operation is one.
  result<space_transfers::work> work_of(const space_command& what,
                                        const space& where) const;
  result<const space_table::entry*> only_one(const std::string& tenant) const;

  std::shared_ptr<node_services> services_;
  std::shared_ptr<space_watches> watches_;
  std::shared_ptr<space_transfers> transfers_;
};

} // namespace weft
