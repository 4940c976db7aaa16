#pragma once

#include "config/located_yaml.hpp"
#include "config/options.hpp"

namespace weft::config {

/// Sets options from a preprocessed tree and reports every key that is
/// unknown, planned, missing or has a value out of its row's type and range;
/// what was wrong keeps its default. Each list's element is made in any case,
/// so that indices in the options are those in the tree.
cluster_options bind_options(const yaml_node& root, const source_files& files,
                             problem_list& problems);

} // namespace weft::config
