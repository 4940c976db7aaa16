#pragma once

#include "config/located_yaml.hpp"
#include "config/options.hpp"

namespace weft::config {

/// Reports what single keys cannot show: names that occur twice or nowhere,
/// addresses that collide or cannot be reached, certificates that are
/// missing, durations that contradict each other. Values that have a problem
/// already are left out. `root` is the tree that the options were bound from.
/// `certificates_may_be_missing`: see `load_options`.
void validate(const cluster_options& options, const yaml_node& root,
              const source_files& files, bool certificates_may_be_missing,
              problem_list& problems);

} // namespace weft::config
