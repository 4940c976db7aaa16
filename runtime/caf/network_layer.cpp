#include "runtime/caf/network_layer.hpp"

#include "runtime/caf/compat.hpp"

#include <caf/io/basp_broker.hpp>

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

/// Every actor of CAF closes and empties its mailbox when it ends, but not a
/// broker: `abstract_broker::cleanup` skips `scheduled_actor::cleanup`. A
/// heartbeat's tick that comes late would stay there, and its sender is the
/// broker itself, so that both would never be freed, nor would a connection
/// that is being handed over. This runs at the broker's end what CAF skips, in
/// the multiplexer's thread; what CAF has done before is not done again.
void empty_mailbox_at_end(const caf::actor& broker) {
  auto* ending = static_cast<caf::scheduled_actor*>(
      caf::actor_cast<caf::abstract_actor*>(broker));
  ending->attach_functor([ending](const caf::error& reason) {
    if (!ending->mailbox().closed())
      ending->caf::scheduled_actor::cleanup(caf::error{reason},
                                            ending->context());
  });
}

} // namespace

void network_layer::init(caf::actor_system_config& config) {
  middleman::init(config);
  system().*member_of(node_member{}) = new_identity(host_);
}

void network_layer::start() {
  middleman::start();
  empty_mailbox_at_end(named_broker<caf::io::basp_broker>(caf::atom("BASP")));
}

} // namespace weft
