#pragma once

#include <caf/actor_system.hpp>

namespace weft {

/// A CAF module that gives its actor system a random node ID before anything
/// uses it. CAF's own is made of MAC addresses, root UUID and PID, so two
/// containers with PID 1 can collide and then cannot connect.
class node_identity : public caf::actor_system::module {
public:
  explicit node_identity(caf::actor_system& system) : system_{system} {}

  void start() override {}
  void stop() override {}
  void init(caf::actor_system_config&) override;
  id_t id() const override { return network_manager; }
  void* subtype_ptr() override { return this; }

  static caf::actor_system::module* make(caf::actor_system& system,
                                         caf::detail::type_list<>) {
    return new node_identity{system};
  }

private:
  caf::actor_system& system_;
};

} // namespace weft
