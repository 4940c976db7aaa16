#include "apps/heat/actors/region_plan.hpp"

#include "apps/heat/machine/tuning.hpp"
#include "runtime/base/large_pages.hpp"

#include <fmt/format.h>

#include <utility>

namespace weft::heat {

namespace {

/// The verdict on a block comes while the next one is computed.
constexpr std::size_t blocks_ahead = 1;

} // namespace

region_plan make_plan(const run_request& what, std::int64_t run,
                      std::size_t homes, std::uint64_t checkpoint_blocks) {
  return {.run = run,
          .space = "",
          .rows = what.shape.rows,
          .cols = what.shape.columns,
          .regions_down = what.regions.down,
          .regions_across = what.regions.across,
          .halo_depth = what.halo_depth,
          .threshold = what.until.threshold,
          .iterations = what.until.iterations_max,
          .checkpoint_blocks = checkpoint_blocks,
          .homes = static_cast<std::int64_t>(homes),
          .boundary = {what.edge.top, what.edge.bottom, what.edge.left,
                       what.edge.right},
          .cells_beside = what.shape.rows * what.shape.columns};
}

result<region_setup> set_up(const region_plan& plan, index region,
                            weft::space space) {
  run_request what{.shape = {plan.rows, plan.cols},
                   .regions = {plan.regions_down, plan.regions_across},
                   .until = {plan.threshold, plan.iterations},
                   .halo_depth = plan.halo_depth,
                   .edge = {},
                   .probes = {}};
  auto where = check(what);
  if (!where)
    return pass_on(where);
  if (auto fits = check_halos(*where); !fits)
    return pass_on(fits);
  if (plan.boundary.size() != 4)
    return fail(errc::invalid_argument,
                "boundary: expected top, bottom, left and right");
  if (region < 0 || region >= where->regions())
    return fail(errc::invalid_argument,
                fmt::format("region {}: expected 0 to {}", region,
                            where->regions() - 1));
  region_options options{.edge = {.top = plan.boundary[0],
                                  .bottom = plan.boundary[1],
                                  .left = plan.boundary[2],
                                  .right = plan.boundary[3]},
                         .run_ahead = blocks_ahead,
                         .memory = &large_pages()};
  tune(options, plan.cells_beside, caches());
  return region_setup{.where = *where,
                      .region = region,
                      .options = options,
                      .rules = {what.until, plan.checkpoint_blocks},
                      .run = plan.run,
                      .homes = {where->regions(), plan.homes},
                      .space = std::move(space)};
}

} // namespace weft::heat
