#pragma once

#include "config/located_yaml.hpp"
#include "config/options.hpp"

namespace weft::config {

/// Reports what single keys of tuple spaces cannot show: names that occur
/// twice, nodes that are not there or may not use the space, routing that
/// contradicts itself, and what this version has not. Otherwise as
/// `validate`.
void validate_spaces(const cluster_options& options, const yaml_node& root,
                     const source_files& files, problem_list& problems);

} // namespace weft::config
