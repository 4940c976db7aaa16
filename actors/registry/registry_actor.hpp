#pragma once

#include "actors/registry/registry_core.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::actors {

template <class Inspector>
auto inspect(Inspector& f, service_info& x) {
  return fields(f, x, "weft::service_info", "kind", x.kind, "address",
                x.address, "backend", x.backend, "capabilities", x.capabilities,
                "labels", x.labels, "version", x.version, "health", x.health,
                "lease_ms", x.lease_ms);
}

template <class Inspector>
auto inspect(Inspector& f, service_filter& x) {
  return fields(f, x, "weft::service_filter", "kind", x.kind, "capabilities",
                x.capabilities, "labels", x.labels, "backend", x.backend,
                "health", x.health.bits);
}

template <class Inspector>
auto inspect(Inspector& f, service_report& x) {
  return fields(f, x, "weft::service_report", "says", x.says, "calls", x.calls,
                "errors", x.errors);
}

/// One name and the actor that holds it.
struct registration {
  /// Cluster-wide, e.g. "hello/greeter-3".
  std::string name;
  /// The registered type, e.g. "hello.greeter"; empty for an actor that was
  /// registered without one.
  std::string type;
  /// The node that the actor runs on.
  std::string node;
  caf::strong_actor_ptr actor;
  /// Grows with every change of the registry; never reused.
  std::uint64_t revision = 0;
  /// What a name that `service_name` makes stands for; of other names nothing
  /// but defaults.
  service_info service = {};

  friend bool operator==(const registration&, const registration&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, registration& x) {
  return fields(f, x, "weft::registration", "name", x.name, "type", x.type,
                "node", x.node, "actor", x.actor, "revision", x.revision,
                "service", x.service);
}

/// Asks for a name; `revision` of `what` and the health of its service are
/// ignored.
struct register_name {
  registration what;

  friend bool operator==(const register_name&, const register_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, register_name& x) {
  return fields(f, x, "weft::register_name", "what", x.what);
}

struct look_up_name {
  std::string name;

  friend bool operator==(const look_up_name&, const look_up_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, look_up_name& x) {
  return fields(f, x, "weft::look_up_name", "name", x.name);
}

struct list_names {
  /// All names that start so; empty: all.
  std::string prefix;

  friend bool operator==(const list_names&, const list_names&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, list_names& x) {
  return fields(f, x, "weft::list_names", "prefix", x.prefix);
}

/// Gives a name back. Only the actor that holds it is taken out: a successor
/// that has registered meanwhile stays.
struct unregister_name {
  std::string name;
  caf::strong_actor_ptr actor;

  friend bool operator==(const unregister_name&,
                         const unregister_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, unregister_name& x) {
  return fields(f, x, "weft::unregister_name", "name", x.name, "actor",
                x.actor);
}

/// A heartbeat of a service, by an actor of the node of its `actor`.
struct renew_service {
  std::string name;
  /// As registered.
  caf::strong_actor_ptr actor;
  service_report report;

  friend bool operator==(const renew_service&, const renew_service&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, renew_service& x) {
  return fields(f, x, "weft::renew_service", "name", x.name, "actor", x.actor,
                "report", x.report);
}

/// Asks for services of one tenant, a page at a time.
struct discover_services {
  std::string tenant;
  /// Empty: all.
  std::string name_space = {};
  service_filter wanted = {};
  /// The `next` of the page before.
  std::string after = {};
  /// 1 to `registry_options::page_max`.
  std::uint32_t limit = 100;

  friend bool operator==(const discover_services&,
                         const discover_services&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, discover_services& x) {
  return fields(f, x, "weft::discover_services", "tenant", x.tenant,
                "name_space", x.name_space, "wanted", x.wanted, "after",
                x.after, "limit", x.limit);
}

struct service_page {
  /// In alphabetical order of names.
  std::vector<registration> found;
  /// Empty: there are no more.
  std::string next;

  friend bool operator==(const service_page&, const service_page&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, service_page& x) {
  return fields(f, x, "weft::service_page", "found", x.found, "next", x.next);
}

/// Subscribes an actor to the changes of all names with a prefix.
struct watch_names {
  std::string prefix;
  caf::strong_actor_ptr watcher;
  /// Of the name that the prefix is, and of no longer one.
  bool exact = false;

  friend bool operator==(const watch_names&, const watch_names&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, watch_names& x) {
  return fields(f, x, "weft::watch_names", "prefix", x.prefix, "watcher",
                x.watcher, "exact", x.exact);
}

/// Ends a watch, given as it was asked for.
struct unwatch_names {
  watch_names what;

  friend bool operator==(const unwatch_names&, const unwatch_names&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, unwatch_names& x) {
  return fields(f, x, "weft::unwatch_names", "what", x.what);
}

/// What a watcher receives: first every present name as added, then changes. A
/// service whose health has changed is added again, with another revision.
struct name_event {
  registration what;
  /// False: the name is gone (given back, its actor or node died, or its lease
  /// is over).
  bool added = true;

  friend bool operator==(const name_event&, const name_event&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, name_event& x) {
  return fields(f, x, "weft::name_event", "what", x.what, "added", x.added);
}

/// What an actor needs to understand to be a watcher.
using name_watcher = typed_actor<void(name_event)>;

/// Actors by name, cluster-wide; one on the first node. A name with a tenant
/// (`tenant_of_name`) is for nodes that may use the tenant: others are answered
/// `permission_denied`, and do not find it in lists and watches of wider
/// prefixes. Who asks is known by the connection, not by the message.
using registry_actor = typed_actor<
    // Takes a name for an actor and watches the actor: the name vanishes when
    // it or its node dies, a service's also when its lease is over. Atomic: of
    // two, one gets `already_exists`. Repeating it for the same actor is
    // answered with what is registered already.
    registration(register_name),
    // Who holds the name; `not_found` with the nearest spelling.
    registration(look_up_name),
    // All names with a prefix in alphabetical order, without what is said of
    // services; `exhausted` when they are more than
    // `registry_options::listed_max`.
    std::vector<registration>(list_names),
    // True when the name was held by this actor and is free now. Idempotent.
    // `permission_denied` for an actor of a node that the sender is not on.
    bool(unregister_name),
    // A service's lease begins anew. Answers with its health, which follows
    // from its reports and from how regular they are, see `service_leases`;
    // `not_found` when it is to be registered (again).
    registration(renew_service),
    // A page of services, which may be shorter than asked; `invalid_argument`
    // for a limit out of range.
    service_page(discover_services),
    // The watcher is on the node that asks, else `permission_denied`.
    // Answers with the number of names present, after which the watcher gets a
    // `name_event` for each of them and for every change until it dies: no gap
    // and no event twice. A watcher may watch many prefixes and gets a change
    // once, even where they overlap; the same prefix again starts that watch
    // anew, present names first.
    std::uint64_t(watch_names),
    // True when there was such a watch. What was on its way still comes.
    bool(unwatch_names)>;

/// Whether a node may use a tenant; called in the registry's context, often.
using tenant_rights =
    std::function<bool(const caf::node_id&, std::string_view tenant)>;

/// Starts a registry. It holds its names in memory and keeps the actors that
/// it names alive; a name that does not follow `check_registry_name` is
/// answered with `invalid_argument`, a full registry with `exhausted`. Without
/// `rights` only its own node uses tenants.
registry_actor spawn_registry(caf::actor_system& system,
                              const registry_options& options = {},
                              tenant_rights rights = {});

} // namespace weft::actors
