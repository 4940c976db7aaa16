#include "runtime/caf/system_config.hpp"

#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/network_layer.hpp"
#include "runtime/caf/node_identity.hpp"
#include "runtime/caf/scheduler.hpp"
#include "runtime/caf/type_ids.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace weft {

namespace {

std::string render_failure(std::uint8_t code, caf::atom_value,
                           const caf::message& context) {
  return to_string(from_caf(caf::error{code, caf::atom("weft"), context}));
}

} // namespace

std::size_t scheduler_threads(std::uint32_t setting) {
  if (setting > 0)
    return setting;
  return std::max<std::size_t>(2, std::thread::hardware_concurrency());
}

system_config::system_config(const system_options& options) {
  set("scheduler.policy",
      options.deterministic ? caf::atom("testing") : caf::atom("weft"));
  if (!options.deterministic)
    module_factories.push_back(
        [](caf::actor_system& system) { return new scheduler{system}; });
  set("scheduler.max-threads", scheduler_threads(options.threads));
  set("scheduler.max-throughput", std::size_t{options.max_throughput});
  add_types<caf::id_block::weft_base>(*this);
  add_error_category(caf::atom("weft"), render_failure);
  if (!options.network)
    return;
  set("middleman.heartbeat-interval",
      caf::timespan{options.heartbeat_interval});
  set("middleman.connection-timeout",
      caf::timespan{options.connection_timeout});
  set("middleman.workers", std::size_t{0});
  set("middleman.attach-utility-actors", true);
  std::optional<node_host> host;
  if (!options.node.empty())
    host = host_of_node(options.cluster, options.node);
  module_factories.push_back([host](caf::actor_system& system) {
    return new network_layer{system, host};
  });
}

std::string scheduler_policy(const caf::actor_system_config& config) {
  return to_string(caf::get_or(config, "scheduler.policy", caf::atom("")));
}

} // namespace weft
