#pragma once

#include "actors/ecosystem/factory_actor.hpp"
#include "actors/membership/membership_actor.hpp"
#include "actors/membership/peer_directory.hpp"
#include "actors/registry/kept_names.hpp"
#include "actors/registry/known_names.hpp"
#include "actors/registry/name_finder_actor.hpp"
#include "actors/registry/registry_actor.hpp"
#include "config/options.hpp"
#include "runtime/base/slot.hpp"
#include "runtime/module/context.hpp"
#include "runtime/module/type_registry.hpp"
#include "runtime/node/space_table.hpp"
#include "runtime/node/start_list.hpp"
#include "runtime/observe/metrics_registry.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace weft {

/// What the parts of one node share: its settings, and the present handles of
/// its restartable actors. Filled in while the node is put together; then only
/// the slots change. Threads: any.
struct node_services {
  std::string name;
  std::string first_node;
  std::uint64_t incarnation = 0;
  std::shared_ptr<const config::cluster_options> options;
  std::shared_ptr<const modules::type_registry> types;
  std::shared_ptr<observe::metrics_registry> metrics;
  std::shared_ptr<actors::peer_directory> directory;
  std::chrono::steady_clock::time_point started;
  /// "host:port" as bound; empty: none. Set before the node is ready.
  std::string listen;
  std::string http;

  /// Of this node; elsewhere than on the first node empty. The cluster's is
  /// `directory->registry()`.
  slot<actors::registry_actor> registry;
  /// The names of this node's actors, whoever keeps them in the registry now.
  std::shared_ptr<actors::kept_names> names =
      std::make_shared<actors::kept_names>();
  /// Look-ups, and what this node knows without them.
  slot<actors::name_finder_actor> finder;
  std::shared_ptr<actors::known_names> known =
      std::make_shared<actors::known_names>();
  slot<actors::factory_actor> factory;
  slot<actors::membership_actor> membership;
  slot<supervision::local_supervisor_actor> root;
  slot<supervision::local_supervisor_actor> jobs;
  /// Set when the node begins to stop.
  slot<std::shared_ptr<const bool>> stopping;
  /// Of the cluster file.
  start_list starts;
  /// The tuple spaces that this node may use.
  std::shared_ptr<space_table> spaces;
  /// One a module, under its name.
  std::map<std::string, slot<supervision::local_supervisor_actor>> modules;

  bool is_first() const { return name == first_node; }

  /// How long the start of a child may take anywhere in this node's tree: as
  /// long as that of the node.
  std::chrono::nanoseconds start_timeout() const {
    return options->launcher.ready_timeout;
  }

  /// Makes a new incarnation of this node's registry or factory known here
  /// and, by the next hello, to the other nodes.
  void publish_registry(const actors::registry_actor& fresh);
  void publish_factory(const actors::factory_actor& fresh);
};

} // namespace weft
