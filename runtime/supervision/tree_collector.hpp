#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <caf/all.hpp>

#include <vector>

namespace weft::supervision {

/// Asks the supervisors among `children` for their trees and delivers the
/// whole: `root` with a node for each child. One that does not answer within
/// the deadline, or answers with an error, is a node `unresponsive`.
void collect_tree(caf::event_based_actor* self, tree_node root,
                  const std::vector<child_info>& children,
                  const tree_request& request,
                  caf::typed_response_promise<tree_node> answer);

/// The deadline for those one level further down: shorter, so that their
/// answer, complete or not, comes before that of the level above runs out.
std::uint64_t next_deadline_ms(std::uint64_t deadline_ms);

} // namespace weft::supervision
