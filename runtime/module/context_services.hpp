#pragma once

#include "actors/ecosystem/factory_actor.hpp"
#include "actors/registry/name_finder_actor.hpp"
#include "actors/registry/registry_actor.hpp"
#include "actors/space/space.hpp"
#include "config/options.hpp"
#include "runtime/base/result.hpp"
#include "runtime/observe/metrics_registry.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft {

/// What a node gives its actors and jobs; tests put fakes in. Members that
/// are left empty make the calls that need them fail with `unavailable`.
struct context_services {
  /// The name of this node.
  std::string node;
  /// The effective options of the cluster.
  std::shared_ptr<const config::cluster_options> options;
  std::shared_ptr<observe::metrics_registry> metrics;
  /// The registry's present handle, empty while it cannot be reached. Both
  /// functions are called from any thread and must not wait.
  std::function<actors::registry_actor()> registry;
  /// Who looks names up for this node; left empty, the registry does.
  std::function<actors::name_finder()> finder;
  /// What is known of a name without asking; left empty, nothing is.
  std::function<std::optional<actors::registration>(const std::string& name)>
      known_name;
  /// The factory of a node by name.
  std::function<result<actors::factory_actor>(const std::string& node)>
      factory_of;
  /// A tuple space of a tenant by "name" or "namespace/name".
  std::function<result<space>(const std::string& tenant,
                              const std::string& name)>
      space_of;
};

/// The cluster as its file describes it.
struct cluster_view {
  std::string name;
  /// The node that this runs on.
  std::string node;
  /// All nodes in the order of the file; the first carries the registry.
  std::vector<std::string> nodes;
};

} // namespace weft
