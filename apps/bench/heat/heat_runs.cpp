#include "apps/bench/heat/heat_runs.hpp"

#include "apps/heat/actors/local_run.hpp"
#include "apps/heat/actors/report.hpp"
#include "runtime/base/assert.hpp"

#include <charconv>

namespace weft::bench {

namespace {

constexpr std::string_view heat_prefix = "heat_";
constexpr std::string_view deep_suffix = "_deep";
constexpr std::uint64_t smoke_divisor = 8;

heat::run_request request_for(const experiment& what, const run_size& size) {
  const auto problem = problem_of(what, size);
  const auto rows = static_cast<heat::index>(problem.rows);
  heat::run_request request;
  request.shape = {rows, rows};
  request.regions = heat::regions_for(request.shape, heat_workers);
  request.until = {0, size.count};
  request.halo_depth = static_cast<heat::index>(problem.halo_depth);
  return request;
}

result<heat::run_outcome> run_heat_once(const heat::run_request& request) {
  return heat::run_alone(request, heat_workers, {}, [] {
    return result<std::vector<heat::row_sink*>>{std::vector<heat::row_sink*>{}};
  });
}

} // namespace

heat_problem problem_of(const experiment& what, const run_size& size) {
  heat_problem problem;
  const auto digits = what.name.substr(heat_prefix.size());
  const auto read = std::from_chars(
      digits.data(), digits.data() + digits.size(), problem.rows);
  WEFT_ASSERT(read.ec == std::errc{});
  if (what.name.ends_with(deep_suffix))
    problem.halo_depth = deep_halo;
  if (size.smoke)
    problem.rows /= smoke_divisor;
  return problem;
}

run_numbers run_heat(const experiment& what, const run_settings& how) {
  const auto request = request_for(what, how.size);
  if (auto warm = run_heat_once(request); !warm)
    return pass_on(warm);
  auto outcome = run_heat_once(request);
  if (!outcome)
    return pass_on(outcome);
  const auto change = outcome->how.final_change;
  const heat::run_report report{.what = request,
                                .halo_depth = request.halo_depth,
                                .places = {},
                                .outcome = *std::move(outcome),
                                .checksum = {},
                                .probes = {}};
  return std::vector{heat::mlups(report), change};
}

} // namespace weft::bench
