#pragma once

#include "apps/heat/actors/local_run.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// How large regions must be so that they compute, and do not mostly talk:
/// measured on this machine.
namespace weft::heat {

/// One size of regions, all of them side x side cells, one a worker (two at
/// least).
struct granularity_sample {
  index side = 0;
  /// For each region and iteration.
  double compute_microseconds = 0;
  double coordinate_microseconds = 0;
  double ratio = 0;
};

struct granularity_answer {
  double target = 100;
  index halo_depth = 1;
  std::size_t workers = 1;
  /// The smallest side that reaches the target; nothing if none up to
  /// `granularity_side_max` does.
  std::optional<index> side;
  /// In the order in which they were measured.
  std::vector<granularity_sample> samples;
};

inline constexpr index granularity_side_max = 8192;

using sample_watch = std::function<void(const std::string&)>;

/// Doubles the side until the target is reached, and then halves the
/// interval. Takes some seconds.
result<granularity_answer> find_granularity(double target, index halo_depth,
                                            std::size_t workers,
                                            const sample_watch& watch);

/// The most regions of at least that side, and not fewer than workers if the
/// grid has room for them.
region_counts regions_of_side(const grid_shape& shape, index side);

/// One row of the table for 100x100: what regions of an array do.
struct granularity_row {
  region_counts regions;
  index cells_per_region = 0;
  /// Of a region in an iteration: three additions and a product a cell.
  index flops_per_region = 0;
  /// Halos that an inner region gives in an iteration.
  index exchanges_per_region = 0;
  double ratio = 0;
  double mlups = 0;
};

result<std::vector<granularity_row>>
measure_granularity_table(std::size_t workers, const sample_watch& watch);

nlohmann::json to_json(const granularity_answer& answer);
std::string to_text(const granularity_answer& answer);
nlohmann::json to_json(const std::vector<granularity_row>& rows);
std::string to_text(const std::vector<granularity_row>& rows);

} // namespace weft::heat
