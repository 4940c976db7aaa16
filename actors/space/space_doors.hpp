#pragma once

#include "actors/space/space_actors.hpp"
#include "runtime/base/slot.hpp"
#include "spaces/routing.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::actors {

/// Where the calls to one space go on this node. Thread-safe.
struct space_doors {
  std::string name;
  spaces::routing where;
  /// By shard; null for those on other nodes.
  std::vector<std::shared_ptr<slot<space_shard_actor>>> local;
  std::shared_ptr<slot<space_client_actor>> client;
};

/// Who calls, see `local_calls`.
struct space_user {
  std::uint64_t id = 0;
  caf::actor_addr holder;
};

struct space_request {
  spaces::any_call what;
  /// The shard of what it names by id or claim.
  std::optional<std::uint32_t> shard;
};

/// Sends calls on their way: to the shard, if it is one of this node and the
/// only one that is asked, else to the node's client. `done` runs once, in the
/// thread that brings the last answer, or at once for what is refused. Returns
/// the number of the first call; the others follow. Cost: a message for each
/// shard of this node that is asked, and one for all others.
spaces::call_number submit(const space_doors& to, const space_user& by,
                           std::vector<space_request> requests,
                           answer_port::done done);

/// Releases all that a user holds in the space.
void leave(const space_doors& of, const space_user& who);

} // namespace weft::actors
