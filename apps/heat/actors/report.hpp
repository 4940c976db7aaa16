#pragma once

#include "apps/heat/actors/coordinator.hpp"
#include "apps/heat/core/run_request.hpp"
#include "apps/heat/output/colours.hpp"
#include "apps/heat/output/heat_map.hpp"
#include "apps/heat/output/row_sink.hpp"
#include "apps/heat/output/sinks.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::heat {

/// What a user wants to know of the array.
struct result_wishes {
  std::vector<cell_place> probes;
  /// A file for the array; may be empty.
  std::string output;
  /// A picture of characters, at most so large; 0: none.
  std::size_t map_width = 0;
  std::size_t map_height = 0;
};

/// The sinks for a result, made anew for every attempt to fetch it.
class result_sinks {
public:
  result_sinks(const run_request& what, result_wishes wishes);

  result<std::vector<row_sink*>> make();

  const std::string& checksum() const { return sum_->hex(); }
  const std::vector<double>& probes() const { return probes_->values(); }
  /// Empty when none was wished.
  std::string map(bool colour) const;

private:
  grid_shape shape_;
  temperature_range range_;
  result_wishes wishes_;
  std::optional<checksum_sink> sum_;
  std::optional<probe_sink> probes_;
  std::optional<heat_map> map_;
  std::unique_ptr<row_sink> file_;
};

/// A run and what came of it.
struct run_report {
  run_request what;
  /// In force, which may be less than what was asked for.
  index halo_depth = 1;
  std::vector<run_place> places;
  run_outcome outcome;
  std::string checksum;
  std::vector<double> probes;
  double granularity_target = 100;
};

/// Cell updates a second, in millions; without start-up and output.
double mlups(const run_report& report);

/// Of all regions together.
double compute_seconds(const run_report& report);
double coordinate_seconds(const run_report& report);

/// How many times longer regions compute than they coordinate.
double granularity_ratio(const run_report& report);

/// What the user should know: a halo depth that was clamped, a ratio below the
/// target. One sentence each.
std::vector<std::string> warnings(const run_report& report);

nlohmann::json to_json(const run_report& report);
std::string to_text(const run_report& report);

} // namespace weft::heat
