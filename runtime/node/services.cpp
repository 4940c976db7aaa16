#include "runtime/node/services.hpp"

namespace weft {

namespace {

/// Changes what the directory says of this node, if it says anything yet.
template <class Change>
void update_self(const node_services& services, Change change) {
  if (auto self = services.directory->find(services.name)) {
    change(*self);
    services.directory->put(*std::move(self));
  }
}

} // namespace

void node_services::publish_registry(const actors::registry_actor& fresh) {
  registry.set(fresh);
  update_self(*this, [&](actors::peer& self) { self.registry = fresh; });
}

void node_services::publish_factory(const actors::factory_actor& fresh) {
  factory.set(fresh);
  update_self(*this, [&](actors::peer& self) { self.factory = fresh; });
}

} // namespace weft
