#include "runtime/node/node_metrics.hpp"

#include "runtime/base/version.hpp"
#include "runtime/caf/compat.hpp"

namespace weft {

namespace {

using observe::metric_kind;

} // namespace

node_metrics::node_metrics(std::shared_ptr<observe::metrics_registry> registry,
                           caf::actor_system& system)
    : registry_{std::move(registry)} {
  // Without /proc the node runs all the same, with fewer numbers.
  if (auto process = observe::watch_process(*registry_))
    callbacks_ = *std::move(process);
  auto running = registry_->watch(
      metric_kind::gauge, "weft_actors_running",
      "Actors that run on this node, weft's own among them.", {},
      [&system] { return static_cast<double>(running_actors(system)); });
  if (running)
    callbacks_.push_back(*std::move(running));
  auto build =
      registry_->make_gauge("weft_build_info", "The version of weft; always 1.",
                            {{"version", std::string{version()}}});
  if (build)
    build->set(1);
}

void node_metrics::count(const supervision::supervision_event& event) {
  auto events = registry_->make_counter(
      "weft_supervision_events_total",
      "What the supervisors of this node did, by kind.",
      {{"kind", std::string{supervision::to_string(event.kind)}}});
  if (events)
    events->add();
}

} // namespace weft
