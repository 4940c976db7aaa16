#include "config/validate_spaces.hpp"

#include "config/cross_check.hpp"
#include "config/option_names.hpp"

#include <fmt/format.h>

#include <set>

namespace weft::config {

namespace {

/// With a shard's number it is a name in the registry, which has a limit.
constexpr std::size_t full_name_max = 180;

class space_validation : cross_check {
public:
  space_validation(const cluster_options& options, const yaml_node& root,
                   const source_files& files, problem_list& problems)
      : cross_check(options, root, files, problems) {
    for (std::size_t i = 0; i < options.nodes.size(); ++i)
      tenants_.push_back(tenants_of(i));
  }

  void run() {
    for (std::size_t i = 0; i < options_.spaces.size(); ++i) {
      const auto& space = options_.spaces[i];
      const auto path = fmt::format("spaces[{}]", i);
      check_name(space, path);
      check_support(space, path);
      check_routing(space, path + ".routing");
      if (has(path + ".nodes[0]"))
        check_nodes(space, path);
      else
        check_all_nodes(space, path);
    }
  }

private:
  /// Tenants of a node; empty: all, or not known since one is wrong.
  std::set<std::string_view> tenants_of(std::size_t node) const {
    const auto& tenants = options_.nodes[node].tenants;
    const bool some_wrong =
        has(fmt::format("nodes[{}].tenants[{}]", node, tenants.size()));
    if (some_wrong)
      return {};
    return {tenants.begin(), tenants.end()};
  }

  void check_name(const space_options& space, const std::string& path) {
    const bool known = !space.name.empty() && !failed(path + ".tenant")
                       && !failed(path + ".namespace");
    if (!known)
      return;
    const auto full =
        fmt::format("{}/{}/{}", space.tenant, space.name_space, space.name);
    check_unique(names_, full, path + ".name", "space");
    if (full.size() > full_name_max)
      add(path + ".name",
          fmt::format("expected tenant, namespace and name of at most {} bytes "
                      "together, got {}",
                      full_name_max, full.size()));
  }

  void check_support(const space_options& space, const std::string& path) {
    if (space.backend != space_backend::memory)
      add(path + ".backend",
          fmt::format("expected memory, since this version of weft has no such "
                      "backend yet, got {}",
                      quote(to_string(space.backend))));
    if (space.replicas > 1)
      add(path + ".replicas",
          fmt::format("expected 1, with which the tuples of a node that dies "
                      "are gone, since this version of weft has no replicas "
                      "yet, got {}",
                      space.replicas));
  }

  void check_routing(const space_options& space, const std::string& path) {
    if (space.route_by == space_routing::number && space.routing.size() > 1)
      return add(path, fmt::format("expected one position, since route_by is "
                                   "number, got {}",
                                   space.routing.size()));
    const auto paths = item_paths(path, space.routing.size());
    std::set<std::uint32_t> known;
    for (std::size_t i = 0; i < paths.size(); ++i)
      if (!known.insert(space.routing[i]).second)
        add(paths[i], fmt::format("expected each position once, got {} again",
                                  space.routing[i]));
  }

  void check_nodes(const space_options& space, const std::string& path) {
    const auto paths = item_paths(path + ".nodes", space.nodes.size());
    std::set<std::string_view> known;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const auto& name = space.nodes[i];
      if (!check_node(name, paths[i]))
        continue;
      if (!known.insert(name).second)
        add(paths[i],
            fmt::format("expected each node once, got {} again", quote(name)));
      else if (refuses(number_of(name), space, path))
        add(paths[i],
            fmt::format("expected a node that may use the spaces of "
                        "tenant {}, got {}, whose nodes[{}].tenants "
                        "are others",
                        quote(space.tenant), quote(name), number_of(name)));
    }
  }

  /// A space that names no nodes is carried by all.
  void check_all_nodes(const space_options& space, const std::string& path) {
    if (failed(path + ".nodes") || failed("nodes"))
      return;
    std::size_t node = 0;
    while (node < tenants_.size() && !refuses(node, space, path))
      ++node;
    if (node < tenants_.size())
      add(path + ".nodes",
          fmt::format("expected the nodes that carry the space, since {} may "
                      "not use those of tenant {} (nodes[{}].tenants), got "
                      "nothing, which means all nodes",
                      quote(options_.nodes[node].name), quote(space.tenant),
                      node));
  }

  bool refuses(std::size_t node, const space_options& space,
               const std::string& path) const {
    const auto& allowed = tenants_[node];
    return !allowed.empty() && !allowed.contains(space.tenant)
           && !failed(path + ".tenant");
  }

  places_by_name names_;
  std::vector<std::set<std::string_view>> tenants_;
};

} // namespace

void validate_spaces(const cluster_options& options, const yaml_node& root,
                     const source_files& files, problem_list& problems) {
  space_validation{options, root, files, problems}.run();
}

} // namespace weft::config
