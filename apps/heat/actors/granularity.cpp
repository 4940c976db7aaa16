#include "apps/heat/actors/granularity.hpp"

#include "apps/heat/actors/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace weft::heat {

namespace {

constexpr index side_first = 16;
constexpr int halvings = 4;
constexpr int repetitions = 3;

/// A sample computes about so many cells, or so many iterations of a region: a
/// tenth of a second or more.
constexpr double sample_cells = 2e8;
constexpr double sample_turns = 40'000;
constexpr std::size_t sample_iterations_min = 20;

constexpr grid_shape table_shape{100, 100};
constexpr std::size_t table_iterations = 100;
constexpr std::array<index, 6> table_sides{1, 2, 4, 5, 10, 20};

const sink_maker no_sinks = [] {
  return result<std::vector<row_sink*>>{std::vector<row_sink*>{}};
};

result<run_report> measure(const run_request& what, std::size_t workers) {
  auto outcome = run_alone(what, workers, {}, no_sinks);
  if (!outcome)
    return pass_on(outcome);
  return run_report{.what = what,
                    .halo_depth = check(what)->halo_depth(),
                    .places = {{"local", workers}},
                    .outcome = *std::move(outcome),
                    .checksum = "",
                    .probes = {}};
}

/// Of a few runs the one with the middle ratio.
result<run_report> measure_again(const run_request& what, std::size_t workers) {
  std::vector<run_report> reports;
  for (int run = 0; run < repetitions; ++run) {
    auto report = measure(what, workers);
    if (!report)
      return report;
    reports.push_back(*std::move(report));
  }
  std::ranges::sort(reports, {}, granularity_ratio);
  return std::move(reports[reports.size() / 2]);
}

std::size_t iterations_for(double cells, double regions) {
  return std::max(sample_iterations_min,
                  static_cast<std::size_t>(
                      std::min(sample_cells / cells, sample_turns / regions)));
}

/// Tiles a side of the sampled array: with 4, most regions have neighbours all
/// around, as in a run; fewer where they would not fit into memory.
constexpr index tiles_of(index side) {
  return side <= 1024 ? 4 : side <= 2048 ? 3 : 2;
}

result<granularity_sample> measure_side(index side, index halo_depth,
                                        std::size_t workers) {
  const auto tiles = tiles_of(side);
  const auto across = tiles * side;
  const auto regions = static_cast<double>(tiles * tiles);
  const auto cells = static_cast<double>(across * across);
  run_request what{.shape = {across + 2, across + 2},
                   .regions = {tiles, tiles},
                   .until = {0, iterations_for(cells, regions)},
                   .halo_depth = std::min(halo_depth, side),
                   .edge = {},
                   .probes = {}};
  auto report = measure_again(what, workers);
  if (!report)
    return pass_on(report);
  const auto each =
      1e6 / regions / static_cast<double>(what.until.iterations_max);
  return granularity_sample{side, each * compute_seconds(*report),
                            each * coordinate_seconds(*report),
                            granularity_ratio(*report)};
}

class granularity_search {
public:
  granularity_search(granularity_answer& into, const sample_watch& watch)
      : into_{into}, watch_{watch} {}

  result<void> run() {
    index below = 0;
    for (index side = side_first; side <= granularity_side_max; side *= 2) {
      auto good = reaches(side);
      if (!good)
        return pass_on(good);
      if (*good)
        return refine(below, side);
      below = side;
    }
    return {};
  }

private:
  result<bool> reaches(index side) {
    if (watch_)
      watch_(fmt::format("measuring regions of {}x{} cells", side, side));
    auto sample = measure_side(side, into_.halo_depth, into_.workers);
    if (!sample)
      return pass_on(sample);
    into_.samples.push_back(*sample);
    return sample->ratio >= into_.target;
  }

  result<void> refine(index below, index enough) {
    for (int step = 0; step < halvings && enough - below > 8; ++step) {
      const auto middle = (below + enough) / 2;
      auto good = reaches(middle);
      if (!good)
        return pass_on(good);
      (*good ? enough : below) = middle;
    }
    into_.side = enough;
    return {};
  }

  granularity_answer& into_;
  const sample_watch& watch_;
};

} // namespace

result<granularity_answer> find_granularity(double target, index halo_depth,
                                            std::size_t workers,
                                            const sample_watch& watch) {
  granularity_answer answer{.target = target,
                            .halo_depth = halo_depth,
                            .workers = workers,
                            .side = {},
                            .samples = {}};
  if (auto found = granularity_search{answer, watch}.run(); !found)
    return pass_on(found);
  return answer;
}

region_counts regions_of_side(const grid_shape& shape, index side) {
  return {std::max<index>(1, (shape.rows - 2) / side),
          std::max<index>(1, (shape.columns - 2) / side)};
}

result<std::vector<granularity_row>>
measure_granularity_table(std::size_t workers, const sample_watch& watch) {
  std::vector<granularity_row> rows;
  for (const auto side : table_sides) {
    if (watch)
      watch(fmt::format("measuring {}x{} regions", side, side));
    const run_request what{.shape = table_shape,
                           .regions = {side, side},
                           .until = {0, table_iterations},
                           .halo_depth = 1,
                           .edge = {},
                           .probes = {}};
    auto report = measure_again(what, workers);
    if (!report)
      return pass_on(report);
    const auto cells =
        (table_shape.rows - 2) * (table_shape.columns - 2) / (side * side);
    rows.push_back({what.regions, cells, 4 * cells,
                    2 * std::min<index>(side - 1, 2),
                    granularity_ratio(*report), mlups(*report)});
  }
  return rows;
}

nlohmann::json to_json(const granularity_answer& answer) {
  auto samples = nlohmann::json::array();
  for (const auto& each : answer.samples)
    samples.push_back(
        {{"side", each.side},
         {"compute_microseconds", each.compute_microseconds},
         {"coordinate_microseconds", each.coordinate_microseconds},
         {"ratio", each.ratio}});
  nlohmann::json made{{"target", answer.target},
                      {"halo_depth", answer.halo_depth},
                      {"workers", answer.workers},
                      {"side", nullptr},
                      {"samples", std::move(samples)}};
  if (answer.side)
    made["side"] = *answer.side;
  return made;
}

std::string to_text(const granularity_answer& answer) {
  auto text = fmt::format("regions of one iteration on {} workers, halo depth "
                          "{}\n{:>12} {:>14} {:>17} {:>10}\n",
                          answer.workers, answer.halo_depth, "cells",
                          "compute us", "coordinate us", "ratio");
  for (const auto& each : answer.samples)
    fmt::format_to(
        std::back_inserter(text), "{:>12} {:>14.2f} {:>17.2f} {:>10.3g}\n",
        fmt::format("{}x{}", each.side, each.side), each.compute_microseconds,
        each.coordinate_microseconds, each.ratio);
  if (answer.side)
    fmt::format_to(std::back_inserter(text),
                   "a ratio of {:g} needs regions of about {}x{} cells\n",
                   answer.target, *answer.side, *answer.side);
  else
    fmt::format_to(std::back_inserter(text),
                   "no region of up to {}x{} cells reaches a ratio of {:g}\n",
                   granularity_side_max, granularity_side_max, answer.target);
  return text;
}

nlohmann::json to_json(const std::vector<granularity_row>& rows) {
  auto made = nlohmann::json::array();
  for (const auto& row : rows)
    made.push_back({{"regions", fmt::format("{}x{}", row.regions.down,
                                            row.regions.across)},
                    {"actors", row.regions.down * row.regions.across},
                    {"cells_per_actor", row.cells_per_region},
                    {"flops_per_actor", row.flops_per_region},
                    {"exchanges_per_actor", row.exchanges_per_region},
                    {"ratio", row.ratio},
                    {"mlups", row.mlups}});
  return {{"rows", table_shape.rows},
          {"cols", table_shape.columns},
          {"iterations", table_iterations},
          {"table", std::move(made)}};
}

std::string to_text(const std::vector<granularity_row>& rows) {
  auto text = fmt::format(
      "{}x{}, one iteration of a region\n{:>8} {:>8} {:>8} {:>8} {:>10} "
      "{:>10} {:>10}\n",
      table_shape.rows, table_shape.columns, "regions", "actors", "cells",
      "FLOPs", "exchanges", "ratio", "mlups");
  for (const auto& row : rows)
    fmt::format_to(std::back_inserter(text),
                   "{:>8} {:>8} {:>8} {:>8} {:>10} {:>10.3g} {:>10.1f}\n",
                   fmt::format("{}x{}", row.regions.down, row.regions.across),
                   row.regions.down * row.regions.across, row.cells_per_region,
                   row.flops_per_region, row.exchanges_per_region, row.ratio,
                   row.mlups);
  return text;
}

} // namespace weft::heat
