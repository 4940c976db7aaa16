#include "runtime/node/space_entry.hpp"

#include "config/option_names.hpp"
#include "runtime/base/version.hpp"

#include <fmt/format.h>

#include <set>

namespace weft {

namespace {

using actors::service_health;

/// What can be done with a space of any backend.
const std::vector<std::string> abilities{"barrier", "blocking", "claim",
                                         "collect", "lease",    "reduce",
                                         "swap",    "watch"};

/// Long enough for a node that is restarted after a crash to be back.
constexpr std::int64_t entry_lease_ms = 8'000;

} // namespace

actors::registration entry_of(const space_table::entry& of,
                              const std::string& node) {
  const auto& space = of.options;
  actors::registration made;
  made.name = actors::service_name(space.tenant, space.name_space, space.name);
  made.type = "weft.space";
  made.node = node;
  auto& service = made.service;
  service.kind = actors::service_kind::space;
  const std::set<std::string> nodes{of.carriers.begin(), of.carriers.end()};
  service.address = fmt::format("{}", fmt::join(nodes, ","));
  // What does not fit is cut: the shards' own names say the rest.
  constexpr std::size_t address_bytes_max = 1'000;
  if (service.address.size() > address_bytes_max)
    service.address.resize(service.address.rfind(',', address_bytes_max));
  service.backend = to_string(space.backend);
  service.capabilities = abilities;
  service.labels = {{"shards", std::to_string(space.shards)},
                    {"replicas", std::to_string(space.replicas)}};
  service.version = version();
  service.lease_ms = entry_lease_ms;
  return made;
}

service_health health_of_space(std::size_t reached, std::size_t shards,
                               bool was_whole) {
  if (reached >= shards)
    return service_health::healthy;
  if (!was_whole)
    return service_health::starting;
  return 2 * reached > shards ? service_health::degraded
                              : service_health::unhealthy;
}

} // namespace weft
