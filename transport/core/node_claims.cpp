#include "transport/core/node_claims.hpp"

#include <algorithm>

namespace weft::transport {

bool same_kind(const node_bytes& left, const node_bytes& right) noexcept {
  return std::equal(left.begin(), left.begin() + 8, right.begin());
}

bool node_claims::claim(const std::string& name, const node_bytes& node) {
  if (node == own_ || !same_kind(node, own_))
    return false;
  for (const auto& [holder, ids] : by_name_)
    if (std::ranges::find(ids, node) != ids.end())
      return holder == name;
  auto& ids = by_name_[name];
  ids.push_back(node);
  if (ids.size() > ids_per_name_max)
    ids.pop_front();
  return true;
}

} // namespace weft::transport
