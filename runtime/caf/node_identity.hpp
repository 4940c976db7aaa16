#pragma once

#include <caf/node_id.hpp>

#include <optional>
#include <string_view>

namespace weft {

/// The part of a node's ID that says which host it is, 20 bytes.
using node_host = caf::node_id::default_data::host_id_type;

/// The host in the IDs of a cluster's node, each time it starts: who knows the
/// names can tell whose an ID is. Names hold no zero byte.
node_host host_of_node(std::string_view cluster, std::string_view node);

/// A node ID that nobody has: the process is random, and so is the host unless
/// one is given. CAF's own is made of MAC addresses, root UUID and PID, so two
/// containers with PID 1 can collide and then cannot connect.
caf::node_id new_identity(std::optional<node_host> host);

} // namespace weft
