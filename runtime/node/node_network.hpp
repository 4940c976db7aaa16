#pragma once

#include "actors/membership/membership.hpp"
#include "config/options.hpp"
#include "runtime/base/result.hpp"
#include "runtime/launcher/run_paths.hpp"
#include "runtime/observe/log.hpp"
#include "transport/carrier.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>

namespace weft {

/// What the carrier of a node needs, from the cluster file or, where that
/// names no certificates, from the run directory.
transport::carrier_options
carrier_options_of(const config::cluster_options& cluster,
                   const std::string& node, const launcher::run_paths& paths);

/// Where a node listens: as the file says, or with port 0 as it wrote into the
/// run directory. `unavailable` while it has not.
result<config::endpoint> address_of(const config::node_options& node,
                                    const launcher::run_paths& paths);

/// The connections of one node: finds addresses, dials and is dialed. Shared
/// by all who dial; after `stop` it only fails what it is asked for. The actor
/// system outlives it.
class node_network {
public:
  /// Reads and checks the certificates; listens to nothing yet.
  static result<std::shared_ptr<node_network>>
  make(caf::actor_system& system, const config::cluster_options& cluster,
       const std::string& node, const launcher::run_paths& paths);

  /// Listens, with the entry actor that peers get, and writes the address into
  /// the run directory. Returns the address.
  result<config::endpoint> listen(const caf::strong_actor_ptr& entry);

  /// Connects to a node by name; `done` may be called from any thread.
  void dial(const std::string& name,
            std::function<void(result<actors::dialed>)> done);

  /// The verified name of a peer.
  void name_of(caf::node_id peer,
               std::function<void(result<std::string>)> done);

  /// Certificates prove names; without them peers are believed.
  bool proves_names() const { return proves_names_; }

  void stop();

private:
  node_network(const config::cluster_options& cluster, std::string node,
               launcher::run_paths paths);

  const config::cluster_options cluster_;
  std::string node_;
  launcher::run_paths paths_;
  bool proves_names_;
  std::unique_ptr<transport::carrier> carrier_;
};

} // namespace weft
