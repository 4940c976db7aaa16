#include "runtime/node/space_table.hpp"

#include "runtime/base/text.hpp"
#include "spaces/hash_ring.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft {

namespace {

spaces::routing routing_of(const config::space_options& space) {
  const auto rule = space.route_by == config::space_routing::number
                        ? spaces::routing_rule::number
                        : spaces::routing_rule::hash;
  return {space.shards, {space.routing.begin(), space.routing.end()}, rule};
}

bool is_called(const config::space_options& space, const std::string& tenant,
               const std::string& name) {
  return space.tenant == tenant
         && (name == space.name
             || name == fmt::format("{}/{}", space.name_space, space.name));
}

} // namespace

bool may_use_tenant(const config::cluster_options& cluster,
                    const std::string& node, const std::string& tenant) {
  const auto found =
      std::ranges::find(cluster.nodes, node, &config::node_options::name);
  if (found == cluster.nodes.end())
    return false;
  return found->tenants.empty()
         || std::ranges::count(found->tenants, tenant) > 0;
}

std::string full_name(const config::space_options& space) {
  return fmt::format("{}/{}/{}", space.tenant, space.name_space, space.name);
}

std::vector<std::string> carriers(const config::cluster_options& cluster,
                                  const config::space_options& space) {
  auto nodes = space.nodes;
  if (nodes.empty())
    for (const auto& node : cluster.nodes)
      if (may_use_tenant(cluster, node.name, space.tenant))
        nodes.push_back(node.name);
  std::vector<std::string> by_shard;
  if (space.placement == config::space_placement::in_order) {
    for (std::size_t i = 0; i < space.shards; ++i)
      by_shard.push_back(nodes[i % nodes.size()]);
    return by_shard;
  }
  for (const auto node :
       spaces::place_shards(full_name(space), space.shards, nodes).node_of)
    by_shard.push_back(nodes[node]);
  return by_shard;
}

space_table::space_table(const config::cluster_options& cluster,
                         const std::string& node)
    : node_{node}, known_{cluster.spaces} {
  for (const auto& space : cluster.spaces) {
    if (!may_use_tenant(cluster, node, space.tenant))
      continue;
    entry made{space, weft::carriers(cluster, space), nullptr};
    auto doors = std::make_shared<actors::space_doors>(
        actors::space_doors{space.name, routing_of(space), {}, {}});
    doors->client = std::make_shared<slot<actors::space_client_actor>>();
    for (const auto& carrier : made.carriers)
      doors->local.push_back(
          carrier == node ? std::make_shared<slot<actors::space_shard_actor>>()
                          : nullptr);
    made.doors = std::move(doors);
    entries_.push_back(std::move(made));
  }
}

result<space> space_table::find(const std::string& tenant,
                                const std::string& name) const {
  return find_entry(tenant, name).map([](const entry* found) {
    return space{found->doors};
  });
}

result<const space_table::entry*>
space_table::find_entry(const std::string& tenant,
                        const std::string& name) const {
  const entry* found = nullptr;
  for (const auto& each : entries_) {
    if (!is_called(each.options, tenant, name))
      continue;
    if (found)
      return fail(errc::invalid_argument,
                  fmt::format("several spaces are called {}; say which: {}/{} "
                              "or {}/{}",
                              name, found->options.name_space, name,
                              each.options.name_space, name));
    found = &each;
  }
  if (found)
    return found;
  std::vector<std::string> names;
  for (const auto& each : known_) {
    if (is_called(each, tenant, name))
      return fail(errc::permission_denied,
                  fmt::format("node {} may not use the spaces of the tenant {}",
                              node_, tenant));
    if (each.tenant == tenant)
      names.push_back(each.name);
  }
  const auto nearest = nearest_spelling(name, names);
  return fail(
      errc::not_found,
      fmt::format("the tenant {} has no space {}{}", tenant, name,
                  nearest ? "; did you mean " + *nearest + "?"
                  : names.empty()
                      ? ""
                      : fmt::format("; it has {}", fmt::join(names, ", "))));
}

} // namespace weft
