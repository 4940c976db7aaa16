#pragma once

#include "config/options.hpp"
#include "config/problem.hpp"
#include "runtime/base/result.hpp"
#include "runtime/launcher/launcher.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace weft::apps {

/// What came of the jobs of a cluster.
struct run_report {
  /// Empty, and no nodes: nothing was launched.
  std::string cluster = {};
  std::size_t nodes = 0;
  /// Those of the jobs, without the start of the nodes; absent if that failed.
  std::optional<double> seconds = {};
  /// The job's own object, or one object by job name when there are several.
  result<nlohmann::json> outcome = {};
  /// A job's own object says `"ok": false`: it was carried out, and what came
  /// out is not what should.
  bool declined = false;
  /// The mistakes in the cluster file for which nothing was launched.
  std::vector<config::problem> problems = {};
};

/// True if the jobs were carried out and none says `"ok": false`.
bool is_good(const run_report& report);

/// {ok, cluster, nodes, seconds, result, error: {code, message}, problems};
/// null for what there is not, `ok` as `is_good` has it.
nlohmann::json to_json(const run_report& report);

/// Launches the cluster, runs the jobs one after the other on its first node,
/// and stops it. Progress goes to standard error, on a terminal as one line
/// that is written over. Fails as the launcher or the job does, with
/// `timed_out` when the first node does not tell the end of a job in time, and
/// with `cancelled` when others stop the cluster; it is stopped in any case.
run_report run_jobs(launcher::launch_options options,
                    const std::vector<config::job_options>& jobs, bool quiet);

} // namespace weft::apps
