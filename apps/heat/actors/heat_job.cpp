#include "apps/heat/actors/heat_job.hpp"

#include "apps/heat/actors/keeper.hpp"
#include "apps/heat/actors/local_run.hpp"
#include "apps/heat/actors/region_plan.hpp"
#include "apps/heat/actors/report.hpp"
#include "apps/heat/output/array_file.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/caf/system_config.hpp"
#include "runtime/module/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace weft::heat {

namespace {

using namespace std::chrono_literals;

/// A node that is away is asked again soon; see `coordinator_core`.
constexpr std::chrono::seconds spawn_time_max{3};

region_actor::behavior_type start_region(region_pointer self,
                                         const context& here, region_plan plan,
                                         std::int64_t region) {
  auto space = here.space(plan.space);
  if (!space)
    throw std::runtime_error{space.error().message};
  auto setup = set_up(plan, region, *std::move(space));
  if (!setup)
    throw std::runtime_error{setup.error().message};
  return run_region(self, *std::move(setup));
}

/// The arguments of the job.
struct job_arguments {
  run_request what;
  result_wishes wishes;
  std::string space;
  std::uint64_t checkpoint = 0;
  bool compare = true;
  double granularity_target = 100;
};

class cluster_run {
public:
  cluster_run(job& in, job_arguments arguments)
      : job_{in}, arguments_{std::move(arguments)}, where_{in.require(check(
                                                        arguments_.what))},
        space_{in.require(in.context().space(arguments_.space))} {}

  nlohmann::json run() {
    auto report = run_on_nodes();
    auto made = to_json(report);
    if (arguments_.compare)
      made["comparison"] = compare(report);
    return made;
  }

private:
  std::uint64_t checkpoint_blocks() const {
    const auto depth = static_cast<std::uint64_t>(where_.halo_depth());
    return (arguments_.checkpoint + depth - 1) / depth;
  }

  run_seams seams() {
    run_seams made{.places = {},
                   .start_region = {},
                   .start_keeper = {},
                   .cancelled = [this] { return job_.cancelled(); },
                   .progress = [this](const run_progress& now) { show(now); },
                   .space = space_,
                   .run = new_run()};
    for (const auto& node : job_.context().cluster().nodes)
      made.places.push_back(
          {node, scheduler_threads(job_.context().options().caf.threads)});
    auto plan = make_plan(arguments_.what, made.run, made.places.size(),
                          checkpoint_blocks());
    plan.space = arguments_.space;
    made.start_region = [this, plan](std::size_t place, index region) {
      return spawn(place, "weft.heat_region",
                   {{"plan", plan}, {"region", region}});
    };
    if (arguments_.checkpoint > 0)
      made.start_keeper = [this](std::size_t place) {
        return spawn(place, "weft.heat_keeper", nullptr);
      };
    return made;
  }

  result<caf::strong_actor_ptr> spawn(std::size_t place, std::string type,
                                      const nlohmann::json& arguments) {
    const auto& node = job_.context().cluster().nodes[place];
    return job_
        .spawn_on(node,
                  {.request_id = "",
                   .type = std::move(type),
                   .name = "",
                   .arguments = json_text(arguments)},
                  spawn_time_max)
        .map([](const actors::spawned& done) { return done.actor; });
  }

  void show(const run_progress& now) {
    job_.progress(static_cast<std::uint64_t>(1000 * now.share), 1000, now.text);
  }

  run_report run_on_nodes() {
    const auto with = seams();
    result_sinks sinks{arguments_.what, arguments_.wishes};
    auto outcome = job_.coordinate([&] {
      return coordinate(job_.self(), arguments_.what, where_, with,
                        [&] { return sinks.make(); });
    });
    return {.what = arguments_.what,
            .halo_depth = where_.halo_depth(),
            .places = with.places,
            .outcome = job_.require(std::move(outcome)),
            .checksum = sinks.checksum(),
            .probes = sinks.probes(),
            .granularity_target = arguments_.granularity_target};
  }

  /// The same once more in this node's process alone.
  nlohmann::json compare(const run_report& cluster) {
    job_.progress(0, 0, "the same in one process");
    const run_place here{
        job_.context().cluster().node,
        scheduler_threads(job_.context().options().caf.threads)};
    result_sinks sinks{arguments_.what, {}};
    auto outcome = job_.coordinate([&] {
      return run_in_system(
          job_.self(), arguments_.what, here,
          {.cancelled = [this] { return job_.cancelled(); },
           .progress = [this](const run_progress& now) { show(now); }},
          [&] { return sinks.make(); });
    });
    const run_report alone{.what = arguments_.what,
                           .halo_depth = where_.halo_depth(),
                           .places = {here},
                           .outcome = job_.require(std::move(outcome)),
                           .checksum = sinks.checksum(),
                           .probes = {},
                           .granularity_target = arguments_.granularity_target};
    if (alone.checksum != cluster.checksum)
      job_.require(result<void>{
          fail(errc::internal, "one process and the cluster computed different "
                               "arrays")});
    const auto figures = [](const run_report& of) {
      return nlohmann::json{{"workers", to_json(of)["workers"]},
                            {"seconds", of.outcome.seconds},
                            {"mlups", mlups(of)},
                            {"granularity_ratio", granularity_ratio(of)}};
    };
    return {{"one_process", figures(alone)},
            {"cluster", figures(cluster)},
            {"cluster_speed_ratio", mlups(cluster) / mlups(alone)},
            {"same_checksum", true}};
  }

  job& job_;
  job_arguments arguments_;
  partition where_;
  weft::space space_;
};

nlohmann::json run_heat(job& in, std::int64_t rows, std::int64_t cols,
                        const std::string& regions, double threshold,
                        std::uint64_t iterations, std::int64_t halo_depth,
                        const std::string& edge,
                        const std::vector<std::string>& probes,
                        const std::string& output, const std::string& space,
                        std::uint64_t checkpoint, bool compare,
                        double granularity_target) {
  job_arguments arguments;
  auto& what = arguments.what;
  what.shape = {rows, cols};
  what.regions =
      regions.empty()
          ? regions_for(what.shape, in.context().cluster().nodes.size())
          : in.require(parse_regions(regions));
  what.until = {threshold, iterations};
  what.halo_depth = halo_depth;
  what.edge = in.require(parse_boundary(edge));
  for (const auto& probe : probes)
    what.probes.push_back(in.require(parse_probe(probe)));
  if (!output.empty())
    in.require(format_of(output));
  arguments.wishes = {.probes = what.probes, .output = output};
  arguments.space = space;
  arguments.checkpoint = checkpoint;
  arguments.compare = compare;
  arguments.granularity_target = granularity_target;
  return cluster_run{in, std::move(arguments)}.run();
}

} // namespace

void register_in(module_registration& module) {
  module.message_types<caf::id_block::weft_heat>();
  module.actor("heat_region", start_region, parameter("plan"),
               parameter("region"));
  module.actor("heat_keeper", keep_states);
  module.job("heat", run_heat, parameter("rows", 100), parameter("cols", 100),
             parameter("regions", ""), parameter("threshold", 0.01),
             parameter("iterations", 1'000'000), parameter("halo_depth", 1),
             parameter("boundary", "100,0,0,0"),
             parameter("probes", nlohmann::json::array()),
             parameter("output", ""), parameter("space", "heat"),
             parameter("checkpoint", 500), parameter("compare", true),
             parameter("granularity_target", 100.0));
}

} // namespace weft::heat
