#pragma once

#include <string>
#include <string_view>

namespace weft::config {

/// Stands for a node's name in the paths of files that each node has.
inline constexpr std::string_view node_mark = "{node}";

/// The path as this node has it.
std::string with_node(std::string path, std::string_view node);

} // namespace weft::config
