#include "runtime/caf/node_identity.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/detail/ripemd_160.hpp>

#include <random>
#include <string>

namespace weft {

namespace {

// An explicit instantiation may name a private member, which is the one way to
// reach actor_system::node_: CAF 0.17 has no setter for it.
template <class Tag, typename Tag::type Member>
struct reveal {
  friend typename Tag::type member_of(Tag) { return Member; }
};

struct node_member {
  using type = caf::node_id caf::actor_system::*;
  friend type member_of(node_member);
};

template struct reveal<node_member, &caf::actor_system::node_>;

} // namespace

node_host host_of_node(std::string_view cluster, std::string_view node) {
  std::string names{cluster};
  names += '\0';
  names += node;
  node_host host;
  caf::detail::ripemd_160(host, names);
  return host;
}

void node_identity::init(caf::actor_system_config&) {
  std::random_device random;
  if (!host_) {
    host_.emplace();
    for (auto& byte : *host_)
      byte = static_cast<std::uint8_t>(random());
  }
  // Zero would mean "no process".
  const std::uint32_t process = random() | 1u;
  system_.*member_of(node_member{}) = caf::make_node_id(process, *host_);
}

} // namespace weft
