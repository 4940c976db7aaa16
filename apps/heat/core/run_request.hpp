#pragma once

#include "apps/heat/core/boundary.hpp"
#include "apps/heat/core/partition.hpp"
#include "apps/heat/core/whole_grid.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace weft::heat {

/// How many regions lie below each other and beside each other.
struct region_counts {
  index down = 1;
  index across = 1;

  friend bool operator==(const region_counts&, const region_counts&) = default;
};

/// A cell of the whole array, from 0.
struct cell_place {
  index row = 0;
  index column = 0;

  friend bool operator==(const cell_place&, const cell_place&) = default;
};

/// What a run is to compute, as a user says it.
struct run_request {
  grid_shape shape = {};
  region_counts regions = {};
  stop_rule until = {};
  index halo_depth = 1;
  boundary edge = {};
  std::vector<cell_place> probes = {};
};

/// Reads "AxB", such as "2x3" for two rows of three regions. Fails with
/// `errc::invalid_argument`.
result<region_counts> parse_regions(std::string_view text);

/// Reads "R,C", such as "10,10". Fails with `errc::invalid_argument`.
result<cell_place> parse_probe(std::string_view text);

/// The partition, if all of the request makes sense; else
/// `errc::invalid_argument`.
result<partition> check(const run_request& what);

/// The regions for so many workers where the user names none: rows of regions
/// one below the other, as halos of whole rows are contiguous; fewer for an
/// array of few rows.
region_counts regions_for(const grid_shape& shape, std::size_t workers);

} // namespace weft::heat
