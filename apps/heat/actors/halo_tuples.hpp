#pragma once

#include "apps/heat/core/partition.hpp"
#include "apps/heat/core/region_driver_core.hpp"
#include "spaces/pattern.hpp"
#include "spaces/tuple.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The tuples of a run: ("heat", run, epoch, home, to region, block, side,
/// cells). Two runs in one space differ in the run, what a run wrote before it
/// rolled back in the epoch. A space for heat is routed by the home, by number,
/// which is the same for all halos of a region, so that one `collect` gets
/// them; with shards placed in order it is where the region begins.
namespace weft::heat {

inline constexpr std::string_view halo_head = "heat";
inline constexpr std::size_t halo_routing = 3;

/// How many places the regions of a run are dealt to, in contiguous runs of
/// equal length.
struct region_homes {
  index regions = 1;
  index places = 1;

  index of(index region) const { return region * places / regions; }
};

/// Of which run, and of which of its epochs, a tuple is.
struct run_epoch {
  std::int64_t run = 0;
  std::uint64_t epoch = 0;
  region_homes homes = {};
};

spaces::tuple halo_tuple(const run_epoch& of,
                         const region_effect::give_halo& what);

/// Fails with `errc::invalid_argument` when halos are larger than a tuple may
/// be.
result<void> check_halos(const partition& where);

/// One pattern for each neighbour of the region, in the order of `sides`.
std::vector<spaces::pattern> halo_patterns(const run_epoch& of, index region,
                                           std::uint64_t block,
                                           const std::vector<direction>& sides);

/// The cells of a halo tuple; valid as long as a copy of the tuple is.
halo_view halo_of(const spaces::tuple& from);

/// All tuples of a run, of any epoch.
spaces::pattern tuples_of_run(std::int64_t run);

/// The name of the reduction that joins the changes of a block. Blocks that
/// can be joined at a time have different names.
std::string reduction_name(const run_epoch& of, std::uint64_t block);

} // namespace weft::heat
