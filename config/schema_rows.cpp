#include "config/schema_rows.hpp"

#include <array>

namespace weft::config {

namespace {

using type = value_type;

constexpr double milliseconds = 1e6;
constexpr double seconds = 1e9;
constexpr double minutes = 60 * seconds;
constexpr double hours = 60 * minutes;
constexpr double days = 24 * hours;

constexpr double mebibytes = 1 << 20;
constexpr double tebibytes = 1024 * 1024 * mebibytes;

/// The keys of a `restart_options`, which stand in two places.
template <auto... Chain>
std::array<row, 6> restart_rows(std::array<std::string_view, 6> paths) {
  using restart = restart_options;
  using backoff = backoff_options;
  return {{
      {.path = paths[0],
       .type = type::integer,
       .max = 10'000,
       .unit = "restarts",
       .bind = at<Chain..., &restart::intensity>,
       .doc = "Restarts within the period that are borne; one more and the "
              "supervisor gives up."},
      {.path = paths[1],
       .type = type::duration,
       .min = 1 * milliseconds,
       .max = 1 * days,
       .bind = at<Chain..., &restart::period>,
       .doc = "Time within which restarts count against the intensity."},
      {.path = paths[2], .doc = "Waiting before a restart."},
      {.path = paths[3],
       .type = type::duration,
       .max = 1 * hours,
       .bind = at<Chain..., &restart::backoff, &backoff::first>,
       .doc = "Wait before the first restart."},
      {.path = paths[4],
       .type = type::duration,
       .max = 1 * hours,
       .bind = at<Chain..., &restart::backoff, &backoff::max>,
       .doc = "Longest wait before a restart."},
      {.path = paths[5],
       .type = type::number,
       .min = 1,
       .max = 100,
       .bind = at<Chain..., &restart::backoff, &backoff::factor>,
       .doc = "How much longer each further wait is than the one before."},
  }};
}

constexpr std::string_view replicate_doc =
    "Makes so many entries of this one, with {index} in its values replaced "
    "by 1, 2, ...; write such values in quotes.";

std::vector<row> whole_rows() {
  return {
      {.path = "cluster",
       .type = type::name,
       .state = presence::required,
       .bind = at<&cluster_options::cluster>,
       .example = "demo",
       .doc = "Name of the cluster, in messages and in its run directory."},
      {.path = "include",
       .type = type::directive,
       .example = "common.yaml",
       .doc =
           "A file or a list of files, relative to this one, whose keys come "
           "before this file's: maps merge, lists are joined, and of scalars "
           "the later wins."},
      {.path = "modules",
       .type = type::list,
       .max = 64,
       .bind = at<&cluster_options::modules>,
       .doc = "Modules that every node loads, in this order."},
      {.path = "modules[]",
       .type = type::library,
       .bind = at<&cluster_options::modules>,
       .example = "./libhello.so",
       .doc = "A shared library, relative to this file, or the name alone of a "
              "module that is linked into the program."},
  };
}

std::vector<row> security_rows() {
  using security = security_options;
  return {
      {.path = "security", .doc = "Who may join, and what they may do."},
      {.path = "security.insecure",
       .type = type::boolean,
       .bind = at<&cluster_options::security, &security::insecure>,
       .doc = "Plain connections without identities; only when every address "
              "is on loopback."},
      {.path = "security.tls",
       .doc = "Certificates for mutual TLS, made by weft certs; left out, weft "
              "up makes its own for a cluster on loopback."},
      {.path = "security.tls.ca",
       .type = type::path,
       .bind = at<&cluster_options::security, &security::tls, &tls_options::ca>,
       .example = "certs/ca.pem",
       .doc = "Certificate of the cluster's private authority, PEM."},
      {.path = "security.tls.cert",
       .type = type::path,
       .bind =
           at<&cluster_options::security, &security::tls, &tls_options::cert>,
       .example = "\"certs/{node}.pem\"",
       .doc = "Certificate of a node, PEM; {node} stands for its name."},
      {.path = "security.tls.key",
       .type = type::path,
       .bind =
           at<&cluster_options::security, &security::tls, &tls_options::key>,
       .example = "\"certs/{node}.key\"",
       .doc = "Private key of a node, PEM; {node} stands for its name."},
      {.path = "security.spawn_from",
       .type = type::list,
       .max = 1000,
       .bind = at<&cluster_options::security, &security::spawn_from>,
       .doc = "Nodes whose requests to spawn actors are granted; empty: every "
              "node's."},
      {.path = "security.spawn_from[]",
       .type = type::name,
       .bind = at<&cluster_options::security, &security::spawn_from>,
       .example = "n1",
       .doc = "Name of a node of this cluster."},
      {.path = "security.users",
       .state = presence::planned,
       .doc = "users with rights"},
  };
}

std::vector<row> system_rows() {
  using caf = caf_options;
  using log = log_options;
  return {
      {.path = "caf",
       .doc = "Scheduler and network layer of the C++ Actor Framework."},
      {.path = "caf.threads",
       .type = type::integer,
       .max = 1024,
       .unit = "threads",
       .bind = at<&cluster_options::caf, &caf::threads>,
       .doc = "Scheduler threads of a node; 0: one a core, two at least."},
      {.path = "caf.max_throughput",
       .type = type::integer,
       .min = 1,
       .max = 1'000'000,
       .unit = "messages",
       .bind = at<&cluster_options::caf, &caf::max_throughput>,
       .doc =
           "Messages that an actor may handle before the next has its turn."},
      {.path = "caf.heartbeat_interval",
       .type = type::duration,
       .min = 10 * milliseconds,
       .max = 1 * minutes,
       .bind = at<&cluster_options::caf, &caf::heartbeat_interval>,
       .doc = "Time between signs of life on an idle connection; shorter than "
              "the connection timeout."},
      {.path = "caf.connection_timeout",
       .type = type::duration,
       .min = 100 * milliseconds,
       .max = 10 * minutes,
       .bind = at<&cluster_options::caf, &caf::connection_timeout>,
       .doc = "A peer that was silent for so long is lost."},
      {.path = "log", .doc = "What nodes write to their logs."},
      {.path = "log.format",
       .type = type::choice,
       .bind = at<&cluster_options::log, &log::format>,
       .doc = "Lines for people or for programs."},
      {.path = "log.level",
       .type = type::choice,
       .bind = at<&cluster_options::log, &log::level>,
       .doc = "Least severe level that is written."},
      {.path = "log.file",
       .type = type::path,
       .bind = at<&cluster_options::log, &log::file>,
       .example = "\"logs/{node}.log\"",
       .doc =
           "Also written by each node: renamed at 64 MiB, three old ones are "
           "kept; {node} stands for its name."},
      {.path = "log.components", .doc = "Levels of single components."},
      {.path = "log.components.*",
       .type = type::choice,
       .bind = at<&cluster_options::log, &log::components>,
       .example = "debug",
       .doc = "Level of the component with this name, over log.level."},
  };
}

std::vector<row> launcher_rows() {
  using launcher = launcher_options;
  return {
      {.path = "launcher", .doc = "How weft up starts and stops nodes."},
      {.path = "launcher.ready_timeout",
       .type = type::duration,
       .min = 1 * seconds,
       .max = 1 * hours,
       .bind = at<&cluster_options::launcher, &launcher::ready_timeout>,
       .doc = "Time that a node has from its start to being ready, and an "
              "actor for its start, the first and every further one."},
      {.path = "launcher.stop_timeout",
       .type = type::duration,
       .min = 100 * milliseconds,
       .max = 1 * hours,
       .bind = at<&cluster_options::launcher, &launcher::stop_timeout>,
       .doc = "Time that a node has to stop before it is killed."},
      {.path = "launcher.restart",
       .doc = "When and how often nodes that died are restarted. The intensity "
              "is for each node: the cluster supervisor bears it times the "
              "number of nodes besides the first."},
  };
}

std::vector<row> node_rows() {
  return {
      {.path = "nodes",
       .type = type::list,
       .state = presence::required,
       .max = 1000,
       .bind = at<&cluster_options::nodes>,
       .doc = "The nodes of the cluster; the first carries the registry, the "
              "cluster supervisor and the jobs."},
      {.path = "nodes[]", .doc = "One node: one process."},
      {.path = "nodes[].name",
       .type = type::name,
       .state = presence::required,
       .bind = at<&node_options::name>,
       .example = "n1",
       .doc = "Name of the node, unique in the cluster."},
      {.path = "nodes[].listen",
       .type = type::endpoint,
       .bind = at<&node_options::listen>,
       .doc = "Where the other nodes reach this one; port 0 lets the system "
              "choose, on loopback only."},
      {.path = "nodes[].http",
       .type = type::endpoint,
       .bind = at<&node_options::http>,
       .example = "127.0.0.1:8001",
       .doc = "Where health, status and metrics are served, on loopback; left "
              "out, nowhere."},
      {.path = "nodes[].tenants",
       .type = type::list,
       .max = 1000,
       .bind = at<&node_options::tenants>,
       .doc = "Tenants whose spaces this node may use; empty: every "
              "tenant's."},
      {.path = "nodes[].tenants[]",
       .type = type::name,
       .bind = at<&node_options::tenants>,
       .example = "default",
       .doc = "Name of a tenant."},
      {.path = "nodes[].replicate",
       .type = type::directive,
       .min = 1,
       .max = 10'000,
       .example = "1",
       .doc = replicate_doc},
      {.path = "nodes[].roles",
       .state = presence::planned,
       .doc = "roles of nodes"},
      {.path = "nodes[].template",
       .state = presence::planned,
       .doc = "node templates; use replicate for a fixed number of nodes"},
  };
}

/// Which spaces there are.
std::vector<row> space_rows() {
  return {
      {.path = "spaces",
       .type = type::list,
       .max = 1000,
       .bind = at<&cluster_options::spaces>,
       .doc = "The tuple spaces of the cluster."},
      {.path = "spaces[]", .doc = "One tuple space."},
      {.path = "spaces[].name",
       .type = type::name,
       .state = presence::required,
       .bind = at<&space_options::name>,
       .example = "heat",
       .doc = "Name of the space, unique in its tenant and namespace."},
      {.path = "spaces[].tenant",
       .type = type::name,
       .bind = at<&space_options::tenant>,
       .doc = "Tenant that the space belongs to: only its actors and jobs may "
              "use it."},
      {.path = "spaces[].namespace",
       .type = type::name,
       .bind = at<&space_options::name_space>,
       .doc = "Keeps spaces of one name within a tenant apart."},
      {.path = "spaces[].backend",
       .type = type::choice,
       .bind = at<&space_options::backend>,
       .doc = "What holds the tuples; this version has memory only."},
  };
}

/// How a space is divided.
std::vector<row> shard_rows() {
  return {
      {.path = "spaces[].shards",
       .type = type::integer,
       .min = 1,
       .max = 1024,
       .unit = "shards",
       .bind = at<&space_options::shards>,
       .doc = "Parts that the space is divided into, each on one node."},
      {.path = "spaces[].replicas",
       .type = type::integer,
       .min = 1,
       .max = 16,
       .unit = "copies",
       .bind = at<&space_options::replicas>,
       .doc = "Copies of each shard; this version has 1 only, and the tuples "
              "of a node that dies are gone."},
      {.path = "spaces[].routing",
       .type = type::list,
       .min = 1,
       .max = 8,
       .bind = at<&space_options::routing>,
       .doc = "Positions of the fields that decide which shard a tuple goes "
              "to, from 0; a pattern that gives them all asks one shard, any "
              "other asks all."},
      {.path = "spaces[].routing[]",
       .type = type::integer,
       .max = 999,
       .bind = at<&space_options::routing>,
       .example = "0",
       .doc = "Position of a field, once."},
      {.path = "spaces[].route_by",
       .type = type::choice,
       .bind = at<&space_options::route_by>,
       .doc = "By the hash of the routing fields, or by the number in the one "
              "routing field, an integer: the shard is that modulo the number "
              "of shards."},
      {.path = "spaces[].nodes",
       .type = type::list,
       .max = 1000,
       .bind = at<&space_options::nodes>,
       .doc = "Nodes that carry the shards; empty: all."},
      {.path = "spaces[].nodes[]",
       .type = type::name,
       .bind = at<&space_options::nodes>,
       .example = "n1",
       .doc = "Name of a node of this cluster, once."},
      {.path = "spaces[].placement",
       .type = type::choice,
       .bind = at<&space_options::placement>,
       .doc = "Shards on a consistent-hash ring of the nodes, or in order: the "
              "first on the first node, and so on in turn."},
  };
}

/// What a space may hold.
std::vector<row> space_limit_rows() {
  return {
      {.path = "spaces[].max_tuples",
       .type = type::integer,
       .min = 1,
       .max = 1e9,
       .unit = "tuples",
       .bind = at<&space_options::max_tuples>,
       .doc = "Tuples that each shard may hold."},
      {.path = "spaces[].max_bytes",
       .type = type::bytes,
       .min = 1 * mebibytes,
       .max = 1 * tebibytes,
       .bind = at<&space_options::max_bytes>,
       .doc = "Content of the tuples that each shard may hold."},
  };
}

std::vector<row> actor_rows() {
  return {
      {.path = "actors",
       .type = type::list,
       .max = 100'000,
       .bind = at<&cluster_options::actors>,
       .doc = "Actors that nodes start and register as module/name."},
      {.path = "actors[]", .doc = "One actor."},
      {.path = "actors[].name",
       .type = type::name,
       .state = presence::required,
       .bind = at<&actor_options::name>,
       .example = "greeter",
       .doc = "Name of the actor, unique among those of its module."},
      {.path = "actors[].type",
       .type = type::type_name,
       .state = presence::required,
       .bind = at<&actor_options::type>,
       .example = "hello.greeter",
       .doc = "Module and actor type."},
      {.path = "actors[].node",
       .type = type::name,
       .state = presence::required,
       .bind = at<&actor_options::node>,
       .example = "n1",
       .doc = "Node that starts the actor."},
      {.path = "actors[].restart",
       .type = type::choice,
       .bind = at<&actor_options::restart>,
       .doc = "After which ends it is started again: every one, failures, or "
              "none."},
      {.path = "actors[].tenant",
       .type = type::name,
       .bind = at<&actor_options::tenant>,
       .doc = "Tenant whose spaces the actor may use."},
      {.path = "actors[].args",
       .type = type::arguments,
       .bind = at<&actor_options::args>,
       .example = "{greeting: Hello}",
       .doc = "Arguments of the actor, by name or by position."},
      {.path = "actors[].replicate",
       .type = type::directive,
       .min = 1,
       .max = 10'000,
       .example = "1",
       .doc = replicate_doc},
  };
}

std::vector<row> job_rows() {
  return {
      {.path = "jobs",
       .type = type::list,
       .max = 1000,
       .bind = at<&cluster_options::jobs>,
       .doc = "What weft run runs on the cluster."},
      {.path = "jobs[]", .doc = "One job."},
      {.path = "jobs[].name",
       .type = type::name,
       .state = presence::required,
       .bind = at<&job_options::name>,
       .example = "party",
       .doc = "Name of the job, unique in the file."},
      {.path = "jobs[].type",
       .type = type::type_name,
       .state = presence::required,
       .bind = at<&job_options::type>,
       .example = "hello.party",
       .doc = "Module and job type."},
      {.path = "jobs[].timeout",
       .type = type::duration,
       .min = 1 * milliseconds,
       .max = 365 * days,
       .bind = at<&job_options::timeout>,
       .doc = "The job fails when it runs longer."},
      {.path = "jobs[].tenant",
       .type = type::name,
       .bind = at<&job_options::tenant>,
       .doc = "Tenant whose spaces the job may use."},
      {.path = "jobs[].args",
       .type = type::arguments,
       .bind = at<&job_options::args>,
       .example = "{rounds: 3}",
       .doc = "Arguments of the job, by name or by position."},
      {.path = "jobs[].replicate",
       .type = type::directive,
       .min = 1,
       .max = 10'000,
       .example = "1",
       .doc = replicate_doc},
  };
}

std::vector<row> planned_rows() {
  const auto planned = [](std::string_view path, std::string_view doc) {
    return row{.path = path, .state = presence::planned, .doc = doc};
  };
  return {
      planned("worlds", "worlds"),
      planned("braids", "braids"),
      planned("ecosystems", "ecosystems"),
      planned("channels", "channels"),
      planned("membership", "membership options"),
      planned("state", "state store"),
      planned("services", "external services"),
  };
}

std::vector<row> build() {
  std::vector<row> rows;
  const auto append = [&](const auto& part) {
    rows.insert(rows.end(), part.begin(), part.end());
  };
  append(whole_rows());
  append(security_rows());
  append(system_rows());
  append(std::vector<row>{
      {.path = "supervision",
       .doc = "When the supervisors of modules restart actors and give up."}});
  append(restart_rows<&cluster_options::supervision>(
      {"supervision.intensity", "supervision.period", "supervision.backoff",
       "supervision.backoff.first", "supervision.backoff.max",
       "supervision.backoff.factor"}));
  append(launcher_rows());
  append(restart_rows<&cluster_options::launcher, &launcher_options::restart>(
      {"launcher.restart.intensity", "launcher.restart.period",
       "launcher.restart.backoff", "launcher.restart.backoff.first",
       "launcher.restart.backoff.max", "launcher.restart.backoff.factor"}));
  append(node_rows());
  append(space_rows());
  append(shard_rows());
  append(space_limit_rows());
  append(actor_rows());
  append(job_rows());
  append(planned_rows());
  return rows;
}

} // namespace

std::span<const row> schema_rows() {
  static const auto rows = build();
  return rows;
}

} // namespace weft::config
