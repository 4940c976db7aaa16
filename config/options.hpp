#pragma once

#include "config/arguments.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Everything a cluster file can say, as plain structs with their defaults.
/// Ranges, units and documentation of each key stand in schema_rows.cpp.
namespace weft::config {

/// A host and a TCP port; port 0 lets the system choose one.
struct endpoint {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Back-off between the restarts of one child: `first`, then each time
/// `factor` times longer up to `max`.
struct backoff_options {
  std::chrono::nanoseconds first = std::chrono::milliseconds{100};
  std::chrono::nanoseconds max = std::chrono::seconds{10};
  double factor = 2;

  friend bool operator==(const backoff_options&,
                         const backoff_options&) = default;
};

/// A supervisor gives up at the restart that exceeds `intensity` within
/// `period`.
struct restart_options {
  std::uint32_t intensity = 3;
  std::chrono::nanoseconds period = std::chrono::seconds{5};
  backoff_options backoff;

  friend bool operator==(const restart_options&,
                         const restart_options&) = default;
};

/// Files of the cluster's private certificate authority, PEM. "{node}" in a
/// path stands for the node's name. All empty: `weft up` makes its own.
struct tls_options {
  std::string ca;
  std::string cert;
  std::string key;

  friend bool operator==(const tls_options&, const tls_options&) = default;
};

struct security_options {
  /// Plain connections without identities; refused off loopback.
  bool insecure = false;
  tls_options tls;
  /// Nodes whose factory requests are granted; empty: every node's.
  std::vector<std::string> spawn_from;

  friend bool operator==(const security_options&,
                         const security_options&) = default;
};

/// What of the scheduler and of CAF's network layer can be tuned.
struct caf_options {
  /// Scheduler threads; 0: one a core, two at least.
  std::uint32_t threads = 0;
  /// Messages that one actor may handle before the next gets its turn.
  std::uint32_t max_throughput = 300;
  /// Sent on every idle connection, both ways.
  std::chrono::nanoseconds heartbeat_interval = std::chrono::milliseconds{500};
  /// A peer that was silent for so long is lost.
  std::chrono::nanoseconds connection_timeout = std::chrono::seconds{3};

  friend bool operator==(const caf_options&, const caf_options&) = default;
};

enum class log_format : std::uint8_t { text, json };
enum class log_level : std::uint8_t { trace, debug, info, warning, error, off };

struct log_options {
  log_format format = log_format::text;
  log_level level = log_level::info;
  /// A node's own file; "{node}" stands for its name. Empty: none.
  std::string file;
  /// Level by component ("transport": debug), over `level`.
  std::map<std::string, log_level> components;

  friend bool operator==(const log_options&, const log_options&) = default;
};

/// What the launcher waits for, and how the cluster's nodes are restarted.
struct launcher_options {
  std::chrono::nanoseconds ready_timeout = std::chrono::seconds{30};
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds{10};
  /// A node takes seconds to start and to fail: its period is longer than an
  /// actor's, or one that never comes up would be restarted for ever.
  restart_options restart{3, std::chrono::minutes{1}, {}};

  friend bool operator==(const launcher_options&,
                         const launcher_options&) = default;
};

struct module_options {
  /// Path of a shared library, absolute after loading; a name alone (no slash,
  /// no ".so") is a module linked into the program.
  std::string entry;
  location where;

  /// Equality is about what was said, not where.
  friend bool operator==(const module_options& a, const module_options& b) {
    return a.entry == b.entry;
  }
};

struct node_options {
  std::string name;
  endpoint listen{"127.0.0.1", 0};
  /// HTTP for people and Prometheus; absent: none.
  std::optional<endpoint> http;
  /// Tenants whose spaces the node may use; empty: every tenant's.
  std::vector<std::string> tenants;
  location where;

  friend bool operator==(const node_options& a, const node_options& b) {
    return a.name == b.name && a.listen == b.listen && a.http == b.http
           && a.tenants == b.tenants;
  }
};

enum class restart_kind : std::uint8_t { permanent, transient, temporary };

/// One actor that a node starts under its module's supervisor and registers
/// as "module/name".
struct actor_options {
  std::string name;
  /// "module.actor", e.g. hello.greeter.
  std::string type;
  std::string node;
  restart_kind restart = restart_kind::permanent;
  /// Whose spaces the actor may use.
  std::string tenant = "default";
  arguments args;
  location where;

  friend bool operator==(const actor_options& a, const actor_options& b) {
    return a.name == b.name && a.type == b.type && a.node == b.node
           && a.restart == b.restart && a.tenant == b.tenant
           && a.args == b.args;
  }
};

struct job_options {
  std::string name;
  /// "module.job", e.g. hello.party.
  std::string type;
  /// The job fails with `timed_out` when it runs longer.
  std::chrono::nanoseconds timeout = std::chrono::hours{1};
  /// Whose spaces the job may use.
  std::string tenant = "default";
  arguments args;
  location where;

  friend bool operator==(const job_options& a, const job_options& b) {
    return a.name == b.name && a.type == b.type && a.timeout == b.timeout
           && a.tenant == b.tenant && a.args == b.args;
  }
};

enum class space_backend : std::uint8_t { memory, sqlite, redis, postgres };
enum class space_routing : std::uint8_t { hash, number };
enum class space_placement : std::uint8_t { ring, in_order };

/// One tuple space, known as (tenant, namespace, name).
struct space_options {
  std::string name;
  std::string tenant = "default";
  /// The key `namespace`.
  std::string name_space = "default";
  space_backend backend = space_backend::memory;
  std::uint32_t shards = 1;
  /// Copies of each shard.
  std::uint32_t replicas = 1;
  /// Positions of the fields that decide about a tuple's shard, distinct.
  std::vector<std::uint32_t> routing = {0};
  /// By the hash of those fields, or by one integer modulo the shards.
  space_routing route_by = space_routing::hash;
  /// Nodes that carry shards, distinct; empty: all.
  std::vector<std::string> nodes;
  /// Shards on a consistent-hash ring of those nodes, or shard i on the i-th
  /// of them, round robin.
  space_placement placement = space_placement::ring;
  /// What one shard may hold.
  std::uint32_t max_tuples = 100'000'000;
  std::uint64_t max_bytes = std::uint64_t{8} << 30;
  location where;

  friend bool operator==(const space_options& a, const space_options& b) {
    return a.name == b.name && a.tenant == b.tenant
           && a.name_space == b.name_space && a.backend == b.backend
           && a.shards == b.shards && a.replicas == b.replicas
           && a.routing == b.routing && a.route_by == b.route_by
           && a.nodes == b.nodes && a.placement == b.placement
           && a.max_tuples == b.max_tuples && a.max_bytes == b.max_bytes;
  }
};

/// A whole cluster file. The first node carries the registry, the cluster
/// supervisor and the jobs.
struct cluster_options {
  std::string cluster;
  std::vector<module_options> modules;
  security_options security;
  caf_options caf;
  log_options log;
  restart_options supervision;
  launcher_options launcher;
  std::vector<node_options> nodes;
  std::vector<space_options> spaces;
  std::vector<actor_options> actors;
  std::vector<job_options> jobs;

  friend bool operator==(const cluster_options&,
                         const cluster_options&) = default;
};

} // namespace weft::config
