#pragma once

#include "config/located_yaml.hpp"

#include <functional>
#include <optional>
#include <string>

namespace weft::config {

/// Value of an environment variable; absent when it is not set.
using environment_lookup =
    std::function<std::optional<std::string>(const std::string& name)>;

/// Replaces `${NAME}` and `${NAME:-default}` in all values of a tree, not in
/// keys; `$${` stands for a plain `${`. A default, which may contain further
/// variables, stands in for a variable that is unset or empty. A variable
/// without value or default is reported where it is used. What is put in is
/// not searched for variables again.
void substitute_variables(yaml_node& tree, const environment_lookup& lookup,
                          yaml_usage& usage, problem_list& problems);

} // namespace weft::config
