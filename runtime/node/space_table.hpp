#pragma once

#include "actors/space/space.hpp"
#include "config/options.hpp"
#include "runtime/base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weft {

/// Whether a node may use the spaces of a tenant, by the cluster file.
bool may_use_tenant(const config::cluster_options& cluster,
                    const std::string& node, const std::string& tenant);

/// "hpc-lab/heat-diffusion/heat": names a space in the whole cluster.
std::string full_name(const config::space_options& space);

/// The nodes that carry the shards of a space, by shard: the same on every
/// node.
std::vector<std::string> carriers(const config::cluster_options& cluster,
                                  const config::space_options& space);

/// The tuple spaces of the cluster file as one node sees them. Immutable but
/// for the slots of its doors; usable from any thread.
class space_table {
public:
  struct entry {
    config::space_options options;
    std::vector<std::string> carriers;
    std::shared_ptr<const actors::space_doors> doors;
  };

  /// Of those that `node` may use.
  space_table(const config::cluster_options& cluster, const std::string& node);

  bool empty() const { return entries_.empty(); }
  const std::vector<entry>& entries() const { return entries_; }

  /// A tenant's space "name" or "namespace/name"; `not_found` with the nearest
  /// spelling, `permission_denied` for one that this node may not use,
  /// `invalid_argument` for a name that several have.
  result<const entry*> find_entry(const std::string& tenant,
                                  const std::string& name) const;
  /// A new handle to it.
  result<space> find(const std::string& tenant, const std::string& name) const;

private:
  std::string node_;
  std::vector<entry> entries_;
  /// All that the file has.
  std::vector<config::space_options> known_;
};

} // namespace weft
