#pragma once

#include "runtime/caf/node_identity.hpp"

#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>

#include <optional>

namespace weft {

/// CAF's network layer, with what it gets wrong put right: the node's identity
/// is unique, see `new_identity`, and the system's end frees all that it holds.
class network_layer final : public caf::io::middleman {
public:
  network_layer(caf::actor_system& system, std::optional<node_host> host)
      : middleman{system}, multiplexer_{&system}, host_{host} {}

  void init(caf::actor_system_config& config) override;
  void start() override;
  caf::io::network::multiplexer& backend() override { return multiplexer_; }

private:
  caf::io::network::default_multiplexer multiplexer_;
  std::optional<node_host> host_;
};

} // namespace weft
