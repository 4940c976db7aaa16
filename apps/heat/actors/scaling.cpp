#include "apps/heat/actors/scaling.hpp"

#include "apps/heat/actors/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace weft::heat {

namespace {

constexpr int runs = 3;

std::vector<std::size_t> counts_up_to(std::size_t workers_max) {
  std::vector<std::size_t> counts;
  for (std::size_t workers = 1; workers < workers_max; workers *= 2)
    counts.push_back(workers);
  counts.push_back(workers_max);
  return counts;
}

run_request request_for(run_request what, scaling_kind kind,
                        std::size_t workers) {
  if (kind == scaling_kind::weak)
    what.shape.rows = (what.shape.rows - 2) * static_cast<index>(workers) + 2;
  what.regions = regions_for(what.shape, workers);
  what.until.threshold = 0;
  return what;
}

result<double> middle_seconds(const run_request& what, std::size_t workers) {
  std::vector<double> seconds;
  for (int run = 0; run < runs; ++run) {
    auto outcome = run_alone(what, workers, {}, [] {
      return result<std::vector<row_sink*>>{std::vector<row_sink*>{}};
    });
    if (!outcome)
      return pass_on(outcome);
    seconds.push_back(outcome->seconds);
  }
  std::ranges::sort(seconds);
  return seconds[seconds.size() / 2];
}

std::string_view name_of(scaling_kind kind) {
  return kind == scaling_kind::strong ? "strong" : "weak";
}

} // namespace

result<scaling_table>
measure_scaling(const run_request& what, scaling_kind kind,
                std::size_t workers_max,
                const std::function<void(const std::string&)>& watch) {
  scaling_table table{kind, what.until.iterations_max, {}};
  for (const auto workers : counts_up_to(workers_max)) {
    if (watch)
      watch(fmt::format("measuring {} workers", workers));
    const auto request = request_for(what, kind, workers);
    auto seconds = middle_seconds(request, workers);
    if (!seconds)
      return pass_on(seconds);
    run_report report{.what = request,
                      .halo_depth = request.halo_depth,
                      .places = {},
                      .outcome = {},
                      .checksum = "",
                      .probes = {}};
    report.outcome.how.iterations = request.until.iterations_max;
    report.outcome.seconds = *seconds;
    scaling_row row{workers, request.shape, *seconds, mlups(report), 1, 1};
    if (!table.rows.empty())
      row.speedup = row.mlups / table.rows.front().mlups;
    row.efficiency = row.speedup / static_cast<double>(workers);
    table.rows.push_back(row);
  }
  return table;
}

nlohmann::json to_json(const scaling_table& table) {
  auto rows = nlohmann::json::array();
  for (const auto& row : table.rows)
    rows.push_back({{"workers", row.workers},
                    {"rows", row.shape.rows},
                    {"cols", row.shape.columns},
                    {"seconds", row.seconds},
                    {"mlups", row.mlups},
                    {"speedup", row.speedup},
                    {"efficiency", row.efficiency}});
  return {{"scaling", name_of(table.kind)},
          {"iterations", table.iterations},
          {"table", std::move(rows)}};
}

std::string to_text(const scaling_table& table) {
  auto text = fmt::format("{} scaling, {} iterations\n{:>8} {:>14} {:>10} "
                          "{:>10} {:>9} {:>11}\n",
                          name_of(table.kind), table.iterations, "workers",
                          "grid", "seconds", "mlups", "speed-up", "efficiency");
  for (const auto& row : table.rows)
    fmt::format_to(std::back_inserter(text),
                   "{:>8} {:>14} {:>10.3f} {:>10.1f} {:>9.2f} {:>10.0f}%\n",
                   row.workers,
                   fmt::format("{}x{}", row.shape.rows, row.shape.columns),
                   row.seconds, row.mlups, row.speedup, 100 * row.efficiency);
  return text;
}

} // namespace weft::heat
