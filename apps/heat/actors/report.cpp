#include "apps/heat/actors/report.hpp"

#include "apps/heat/output/array_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace weft::heat {

namespace {

/// By the maximum principle all temperatures lie between those of the ring
/// and that of the beginning.
temperature_range range_of(const boundary& edge) {
  const auto [coldest, hottest] =
      std::minmax({edge.top, edge.bottom, edge.left, edge.right, 0.0});
  return {coldest, hottest};
}

double ratio_of(double compute, double coordinate) {
  return coordinate > 0 ? compute / coordinate : 0;
}

std::string counts_text(const region_counts& counts) {
  return fmt::format("{}x{}", counts.down, counts.across);
}

std::size_t total_workers(const run_report& report) {
  std::size_t workers = 0;
  for (const auto& place : report.places)
    workers += place.workers;
  return workers;
}

nlohmann::json regions_json(const run_report& report) {
  auto regions = nlohmann::json::array();
  for (const auto& each : report.outcome.regions)
    regions.push_back(
        {{"region", each.region},
         {"node", report.places[each.place].node},
         {"compute_seconds", each.compute_seconds},
         {"coordinate_seconds", each.coordinate_seconds},
         {"ratio", ratio_of(each.compute_seconds, each.coordinate_seconds)}});
  return regions;
}

nlohmann::json probes_json(const run_report& report) {
  auto probes = nlohmann::json::array();
  for (std::size_t which = 0; which < report.probes.size(); ++which)
    probes.push_back({{"row", report.what.probes[which].row},
                      {"col", report.what.probes[which].column},
                      {"value", report.probes[which]}});
  return probes;
}

} // namespace

result_sinks::result_sinks(const run_request& what, result_wishes wishes)
    : shape_{what.shape}, range_{range_of(what.edge)}, wishes_{
                                                           std::move(wishes)} {}

result<std::vector<row_sink*>> result_sinks::make() {
  sum_.emplace();
  probes_.emplace(wishes_.probes);
  std::vector<row_sink*> all{&*sum_, &*probes_};
  if (wishes_.map_width > 0 && wishes_.map_height > 0) {
    map_.emplace(shape_, range_, wishes_.map_width, wishes_.map_height);
    all.push_back(&*map_);
  }
  if (!wishes_.output.empty()) {
    auto file = open_array_file(wishes_.output, shape_, range_);
    if (!file)
      return pass_on(file);
    file_ = *std::move(file);
    all.push_back(file_.get());
  }
  return all;
}

std::string result_sinks::map(bool colour) const {
  return map_ ? map_->text(colour) : std::string{};
}

double mlups(const run_report& report) {
  const auto& shape = report.what.shape;
  return static_cast<double>(report.outcome.how.iterations)
         * static_cast<double>(shape.rows - 2)
         * static_cast<double>(shape.columns - 2)
         / std::max(report.outcome.seconds, 1e-9) / 1e6;
}

double compute_seconds(const run_report& report) {
  double sum = 0;
  for (const auto& each : report.outcome.regions)
    sum += each.compute_seconds;
  return sum;
}

double coordinate_seconds(const run_report& report) {
  double sum = 0;
  for (const auto& each : report.outcome.regions)
    sum += each.coordinate_seconds;
  return sum;
}

double granularity_ratio(const run_report& report) {
  return ratio_of(compute_seconds(report), coordinate_seconds(report));
}

std::vector<std::string> warnings(const run_report& report) {
  std::vector<std::string> texts;
  if (report.halo_depth < report.what.halo_depth)
    texts.push_back(fmt::format("halo depth {} was reduced to {}, the shorter "
                                "side of the smallest region",
                                report.what.halo_depth, report.halo_depth));
  if (granularity_ratio(report) < report.granularity_target)
    texts.push_back(fmt::format(
        "regions compute {:.3g} times as long as they coordinate, below the "
        "target of {:g}: fewer or larger regions, or deeper halos, waste less",
        granularity_ratio(report), report.granularity_target));
  return texts;
}

nlohmann::json to_json(const run_report& report) {
  const auto& [what, halo_depth, places, outcome, checksum, probes, target] =
      report;
  return {{"rows", what.shape.rows},
          {"cols", what.shape.columns},
          {"regions", counts_text(what.regions)},
          {"threshold", what.until.threshold},
          {"halo_depth", halo_depth},
          {"nodes", places.size()},
          {"workers", total_workers(report)},
          {"iterations", outcome.how.iterations},
          {"converged", outcome.how.converged},
          {"final_change", outcome.how.final_change},
          {"seconds", outcome.seconds},
          {"mlups", mlups(report)},
          {"compute_seconds", compute_seconds(report)},
          {"coordinate_seconds", coordinate_seconds(report)},
          {"granularity_ratio", granularity_ratio(report)},
          {"granularity_target", target},
          {"per_region", regions_json(report)},
          {"checksum", checksum},
          {"probes", probes_json(report)},
          {"recoveries", outcome.recoveries},
          {"checkpoints", outcome.checkpoints},
          {"rolled_back_to", outcome.rolled_back_to},
          {"warnings", warnings(report)}};
}

std::string to_text(const run_report& report) {
  const auto& what = report.what;
  const auto& how = report.outcome.how;
  std::string text;
  const auto line = [&](const auto& format, const auto&... values) {
    fmt::format_to(std::back_inserter(text), fmt::runtime(format), values...);
    text += '\n';
  };
  line("grid        {}x{}, {} regions, halo depth {}, {} worker{}",
       what.shape.rows, what.shape.columns, counts_text(what.regions),
       report.halo_depth, total_workers(report),
       total_workers(report) == 1 ? "" : "s");
  if (how.converged)
    line("result      converged in iteration {}: largest change {:.6g}, below "
         "{:g}",
         how.iterations, how.final_change, what.until.threshold);
  else
    line("result      not converged after {} iterations: largest change "
         "{:.6g}, threshold {:g}",
         how.iterations, how.final_change, what.until.threshold);
  line("time        {:.3f} s, {:.1f} million cell updates a second",
       report.outcome.seconds, mlups(report));
  line("regions     compute {:.3f} s, coordinate {:.3f} s: ratio {:.3g}",
       compute_seconds(report), coordinate_seconds(report),
       granularity_ratio(report));
  if (report.outcome.recoveries > 0)
    line("recovered   {} times, the last from iteration {}",
         report.outcome.recoveries, report.outcome.rolled_back_to);
  line("checksum    {}", report.checksum);
  for (std::size_t which = 0; which < report.probes.size(); ++which)
    line("probe       {},{}: {}", what.probes[which].row,
         what.probes[which].column, report.probes[which]);
  return text;
}

} // namespace weft::heat
