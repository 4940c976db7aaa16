#include "runtime/caf/node_identity.hpp"

#include <caf/detail/ripemd_160.hpp>

#include <random>
#include <string>

namespace weft {

node_host host_of_node(std::string_view cluster, std::string_view node) {
  std::string names{cluster};
  names += '\0';
  names += node;
  node_host host;
  caf::detail::ripemd_160(host, names);
  return host;
}

caf::node_id new_identity(std::optional<node_host> host) {
  std::random_device random;
  if (!host) {
    host.emplace();
    for (auto& byte : *host)
      byte = static_cast<std::uint8_t>(random());
  }
  // Zero would mean "no process".
  const std::uint32_t process = random() | 1u;
  return caf::make_node_id(process, *host);
}

} // namespace weft
