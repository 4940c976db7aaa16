#include "config/node_path.hpp"

namespace weft::config {

std::string with_node(std::string path, std::string_view node) {
  for (auto at = path.find(node_mark); at != std::string::npos;
       at = path.find(node_mark, at + node.size()))
    path.replace(at, node_mark.size(), node);
  return path;
}

} // namespace weft::config
