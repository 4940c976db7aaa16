#pragma once

#include "config/located_yaml.hpp"

namespace weft::config {

/// Makes the copies that `replicate: N` asks for in the maps of the lists at
/// the root (nodes, actors, jobs), in place, with `{index}` in all their
/// values replaced by 1 to N. A value that is "{index}" and nothing else counts
/// as unquoted, so that arguments get an integer. Stops, with a problem, at
/// `limits::replicated_nodes_max` values.
void replicate(yaml_node& root, problem_list& problems);

} // namespace weft::config
