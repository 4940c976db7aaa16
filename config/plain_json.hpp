#pragma once

#include "config/arguments.hpp"
#include "config/located_yaml.hpp"

#include <string>

namespace weft::config {

/// Turns free YAML into arguments, plain scalars typed by the core schema of
/// YAML 1.2.2 (section 10.3.2): 3 is an integer, 3.5 a number, true a boolean,
/// ~ null; quoted scalars are text. Infinities, NaN and integers of more than
/// 64 bits are reported and become null, since JSON has none.
arguments to_arguments(const yaml_node& value, const std::string& path,
                       const source_files& files, problem_list& problems);

} // namespace weft::config
