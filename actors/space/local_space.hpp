#pragma once

#include "actors/space/space.hpp"

namespace weft {

struct local_space_options {
  std::string name = "space";
  std::size_t shards = 1;
  std::vector<std::size_t> routing_fields = {0};
  spaces::routing_rule rule = spaces::routing_rule::hash;
  spaces::space_options limits;
};

/// A tuple space of one process, without a node and without a cluster. Its
/// actors run until the last copy of the handle is gone.
space start_local_space(caf::actor_system& system,
                        const local_space_options& options);

} // namespace weft
