#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"
#include "runtime/launcher/launcher.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace weft::apps {

/// Launches the cluster, runs the jobs one after the other on its first node,
/// and stops it. Progress goes to standard error, on a terminal as one line
/// that is written over. Returns {ok, cluster, nodes, seconds, result}: the
/// seconds are those of the jobs; the result is the job's own object, or one
/// object by job name when there are several. Fails as the launcher or the
/// job does; the cluster is stopped then too.
result<nlohmann::json> run_jobs(launcher::launch_options options,
                                const std::vector<config::job_options>& jobs,
                                bool quiet);

} // namespace weft::apps
