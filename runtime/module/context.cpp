#include "runtime/module/context.hpp"

#include "actors/registry/service_keeper_actor.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <random>

namespace weft {

struct context::shared {
  context_services services;
  cluster_view cluster;
  /// Makes request ids distinct between contexts, also after a restart.
  std::uint64_t nonce;
  std::atomic<std::uint64_t> spawns{0};
};

namespace {

std::uint64_t random_nonce() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

observe::logger logger_of(std::string_view module) {
  return observe::get_logger(module.empty() ? "module"
                                            : fmt::format("module.{}", module));
}

} // namespace

context::context(context_services services, std::string_view module)
    : shared_{std::make_shared<shared>()}, log_{logger_of(module)} {
  if (!services.options)
    services.options = std::make_shared<config::cluster_options>();
  if (!services.metrics)
    services.metrics = std::make_shared<observe::metrics_registry>();
  shared_->cluster.name = services.options->cluster;
  shared_->cluster.node = services.node;
  for (const auto& node : services.options->nodes)
    shared_->cluster.nodes.push_back(node.name);
  shared_->services = std::move(services);
  shared_->nonce = random_nonce();
}

context::context(std::shared_ptr<shared> with, std::string_view module,
                 std::string tenant)
    : shared_{std::move(with)}, tenant_{std::move(tenant)}, log_{logger_of(
                                                                module)} {}

context context::for_module(std::string_view module) const {
  return {shared_, module, tenant_};
}

context context::for_tenant(std::string tenant) const {
  auto made = *this;
  made.tenant_ = std::move(tenant);
  return made;
}

result<weft::space> context::space(const std::string& name) const {
  if (!shared_->services.space_of)
    return fail(errc::unavailable,
                fmt::format("the space {} cannot be reached: this context "
                            "belongs to no running node",
                            name));
  return shared_->services.space_of(tenant_, name);
}

observe::metrics_registry& context::metrics() const {
  return *shared_->services.metrics;
}

const config::cluster_options& context::options() const {
  return *shared_->services.options;
}

const cluster_view& context::cluster() const {
  return shared_->cluster;
}

actors::registry_actor context::registry() const {
  const auto& registry = shared_->services.registry;
  return registry ? registry() : actors::registry_actor{};
}

actors::name_finder context::finder() const {
  const auto& finder = shared_->services.finder;
  return finder ? finder() : actors::name_finder{registry()};
}

std::optional<actors::registration>
context::known_name(const std::string& name) const {
  const auto& known = shared_->services.known_name;
  return known ? known(name) : std::nullopt;
}

result<void> context::offer(caf::actor_system& system,
                            const caf::strong_actor_ptr& actor,
                            offered_service what) const {
  if (!actor || actor->node() != system.node())
    return fail(errc::invalid_argument,
                "a service needs an actor of this node that has it");
  actors::service_offer offer;
  offer.what.name = actors::service_name(tenant_, what.name_space, what.name);
  if (auto checked = actors::check_registry_name(offer.what.name); !checked)
    return pass_on(checked);
  if (actors::parse_service_name(offer.what.name).name.empty())
    return fail(errc::invalid_argument,
                fmt::format("expected a namespace and name without '/', got {} "
                            "and {}",
                            what.name_space, what.name));
  offer.what.node = cluster().node;
  offer.what.actor = actor;
  offer.what.service = std::move(what.what);
  offer.what.service.kind = actors::service_kind::service;
  if (auto checked = actors::check_service(offer.what.service); !checked)
    return checked;
  offer.report = std::move(what.report);
  offer.find_registry = [shared = shared_] {
    const auto& registry = shared->services.registry;
    return registry ? registry() : actors::registry_actor{};
  };
  actors::spawn_service_keeper(system, std::move(offer));
  return {};
}

result<actors::factory_actor>
context::factory_of(const std::string& node) const {
  const auto& names = cluster().nodes;
  if (!names.empty() && std::ranges::find(names, node) == names.end()) {
    const auto near = nearest_spelling(node, names);
    return fail(
        errc::not_found,
        fmt::format("cluster {} has no node {}; {}", cluster().name, node,
                    near ? "did you mean " + *near + "?"
                         : fmt::format("it has {}", fmt::join(names, ", "))));
  }
  if (!shared_->services.factory_of)
    return fail(errc::unavailable,
                fmt::format("the factory of node {} cannot be reached: this "
                            "context belongs to no running node",
                            node));
  return shared_->services.factory_of(node);
}

modules::name_waiter
context::make_waiter(caf::actor_system& system, const std::string& name,
                     duration timeout,
                     const caf::strong_actor_ptr& not_this) const {
  return modules::spawn_name_waiter(system, registry(), name, timeout,
                                    not_this);
}

actors::spawn_request context::with_id(actors::spawn_request what) const {
  what.tenant = tenant_;
  if (what.request_id.empty())
    what.request_id = fmt::format("{}/{:016x}/{}", cluster().node,
                                  shared_->nonce, ++shared_->spawns);
  return what;
}

actors::spawn_request context::evaluating(const active_tuple& what) const {
  actors::spawn_request made;
  made.type = what.type;
  made.arguments = json_text({{"space", what.space},
                              {"key", what.key},
                              {"arguments", what.arguments}});
  return made;
}

} // namespace weft
