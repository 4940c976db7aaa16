#pragma once

#include "apps/heat/actors/local_run.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

/// How the time of a run depends on the number of workers, in one process.
namespace weft::heat {

enum class scaling_kind : unsigned char {
  /// The same grid for all.
  strong,
  /// As many rows for each worker.
  weak,
};

struct scaling_row {
  std::size_t workers = 1;
  grid_shape shape;
  double seconds = 0;
  double mlups = 0;
  /// Against one worker: of time for strong, of cells a second for weak.
  double speedup = 1;
  /// Speed-up by worker.
  double efficiency = 1;
};

struct scaling_table {
  scaling_kind kind = scaling_kind::strong;
  std::size_t iterations = 0;
  std::vector<scaling_row> rows;
};

/// With 1, 2, 4, ... up to `workers_max` workers, one region each, for the
/// iterations that the request has; its threshold is of no account, as grids
/// differ. Each run is done three times, and the middle one counts.
result<scaling_table>
measure_scaling(const run_request& what, scaling_kind kind,
                std::size_t workers_max,
                const std::function<void(const std::string&)>& watch);

nlohmann::json to_json(const scaling_table& table);
std::string to_text(const scaling_table& table);

} // namespace weft::heat
