#include "apps/heat/actors/granularity.hpp"
#include "apps/heat/actors/report.hpp"
#include "apps/heat/actors/scaling.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace weft::heat::test {

namespace {

run_report sample_report() {
  run_report report{.what = {.shape = {12, 22},
                             .regions = {2, 1},
                             .until = {.threshold = 0.5},
                             .halo_depth = 9,
                             .edge = {},
                             .probes = {{3, 4}}},
                    .halo_depth = 5,
                    .places = {{"n1", 2}, {"n2", 2}},
                    .outcome = {},
                    .checksum = "abc",
                    .probes = {1.25}};
  report.outcome.how = {100, true, 0.25};
  report.outcome.seconds = 0.5;
  report.outcome.regions = {{0, 0, 0.3, 0.1}, {1, 1, 0.5, 0.1}};
  return report;
}

} // namespace

TEST_CASE("a report has the figures that were measured") {
  const auto json = to_json(sample_report());
  CHECK(json["rows"] == 12);
  CHECK(json["cols"] == 22);
  CHECK(json["regions"] == "2x1");
  CHECK(json["halo_depth"] == 5);
  CHECK(json["nodes"] == 2);
  CHECK(json["workers"] == 4);
  CHECK(json["iterations"] == 100);
  CHECK(json["converged"] == true);
  CHECK(json["mlups"].get<double>() == doctest::Approx(100 * 200 / 0.5 / 1e6));
  CHECK(json["granularity_ratio"].get<double>() == doctest::Approx(4));
  CHECK(json["per_region"][1]["node"] == "n2");
  CHECK(json["per_region"][1]["ratio"].get<double>() == doctest::Approx(5));
  CHECK(json["probes"][0]["value"] == 1.25);
}

TEST_CASE("what a user should know is said") {
  auto report = sample_report();
  CHECK(warnings(report).size() == 2);
  report.granularity_target = 3;
  report.what.halo_depth = 5;
  CHECK(warnings(report).empty());
}

TEST_CASE("the text says whether the run converged") {
  auto report = sample_report();
  CHECK(to_text(report).find("converged in iteration 100")
        != std::string::npos);
  CHECK(to_text(report).find("probe       3,4: 1.25") != std::string::npos);
  report.outcome.how.converged = false;
  CHECK(to_text(report).find("not converged after 100") != std::string::npos);
}

TEST_CASE("regions of a side fill the grid") {
  CHECK(regions_of_side({102, 202}, 50) == region_counts{2, 4});
  CHECK(regions_of_side({102, 202}, 60) == region_counts{1, 3});
  CHECK(regions_of_side({20, 20}, 500) == region_counts{1, 1});
}

TEST_CASE("tables have a line a sample") {
  const granularity_answer answer{
      .target = 100,
      .halo_depth = 1,
      .workers = 2,
      .side = 700,
      .samples = {{512, 60, 1, 60}, {700, 110, 1, 110}}};
  const auto text = to_text(answer);
  CHECK(text.find("about 700x700 cells") != std::string::npos);
  CHECK(std::ranges::count(text, '\n') == 5);
  CHECK(to_json(answer)["side"] == 700);
  const scaling_table table{
      scaling_kind::weak,
      100,
      {{1, {100, 100}, 1, 10, 1, 1}, {2, {198, 100}, 1, 19, 1.9, 0.95}}};
  CHECK(to_text(table).find("95%") != std::string::npos);
  CHECK(to_json(table)["scaling"] == "weak");
}

} // namespace weft::heat::test
