#include "apps/heat/actors/local_run.hpp"

#include "actors/space/local_space.hpp"
#include "apps/heat/actors/region_plan.hpp"
#include "apps/heat/machine/tuning.hpp"
#include "runtime/caf/system_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <thread>
#include <utility>

namespace weft::heat {

namespace {

struct alone_config : system_config {
  explicit alone_config(std::size_t workers)
      : system_config{{.threads = static_cast<std::uint32_t>(workers)}} {
    add_types<caf::id_block::weft_heat>(*this);
  }
};

/// Arrays that a region has, halos not counted.
constexpr std::size_t arrays = 3;

} // namespace

std::int64_t new_run() {
  std::random_device random;
  const auto high = static_cast<std::uint64_t>(random()) << 32;
  return static_cast<std::int64_t>((high | random()) >> 1);
}

std::size_t default_workers() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

result<void> check_memory(const partition& where) {
  const auto& shape = where.shape();
  const auto gibibytes = [](double bytes) { return bytes / (1U << 30); };
  const auto needed = static_cast<double>(shape.rows)
                      * static_cast<double>(shape.columns) * arrays
                      * sizeof(double);
  const auto there = static_cast<double>(memory_bytes());
  if (needed <= there)
    return {};
  return fail(errc::exhausted,
              fmt::format("a grid of {}x{} needs {:.1f} GiB, this machine has "
                          "{:.1f} GiB",
                          shape.rows, shape.columns, gibibytes(needed),
                          gibibytes(there)));
}

weft::space local_heat_space(caf::actor_system& system, std::size_t shards) {
  return start_local_space(system, {.name = "heat",
                                    .shards = shards,
                                    .routing_fields = {halo_routing},
                                    .rule = spaces::routing_rule::number,
                                    .limits = {}});
}

run_seams local_seams(caf::actor_system& system, const run_request& what,
                      const run_place& place, const local_watch& watch,
                      const weft::space& space) {
  run_seams seams{.places = {place},
                  .start_region = {},
                  .start_keeper = {},
                  .cancelled = watch.cancelled,
                  .progress = watch.progress,
                  .space = space,
                  .run = new_run()};
  seams.start_region =
      [&system, space, plan = make_plan(what, seams.run, place.workers, 0)](
          std::size_t, index region) -> result<caf::strong_actor_ptr> {
    auto setup = set_up(plan, region, space);
    if (!setup)
      return pass_on(setup);
    return caf::actor_cast<caf::strong_actor_ptr>(
        system.spawn(run_region, *std::move(setup)));
  };
  return seams;
}

result<run_outcome> run_in_system(caf::blocking_actor* self,
                                  const run_request& what,
                                  const run_place& place,
                                  const local_watch& watch,
                                  const sink_maker& sinks) {
  const auto where = check(what);
  if (!where)
    return tl::unexpected(where.error());
  if (auto fits = check_memory(*where); !fits)
    return pass_on(fits);
  const auto space = local_heat_space(self->system(), place.workers);
  return coordinate(self, what, *where,
                    local_seams(self->system(), what, place, watch, space),
                    sinks);
}

result<run_outcome> run_alone(const run_request& what, std::size_t workers,
                              const local_watch& watch,
                              const sink_maker& sinks) {
  alone_config config{workers};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  return run_in_system(self.ptr(), what, {.node = "local", .workers = workers},
                       watch, sinks);
}

} // namespace weft::heat
