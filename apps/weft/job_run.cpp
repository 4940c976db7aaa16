#include "apps/weft/job_run.hpp"

#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "apps/weft/progress_bar.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"
#include "runtime/http/client.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace weft::apps {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// How long one poll of a job's state waits at the node for a change.
constexpr std::chrono::milliseconds poll_wait{500};
constexpr std::chrono::milliseconds start_timeout{30'000};
constexpr std::chrono::milliseconds answer_timeout{10'000};

/// How much later than its timeout the end of a job may be told: the node ends
/// it by itself at that time.
constexpr std::chrono::nanoseconds end_grace{10s};

/// Within this the launcher hears of the end of a process.
constexpr std::chrono::milliseconds end_notice{2000};

void show_progress(progress_bar& bar, const nlohmann::json& progress) {
  if (!progress.is_object())
    return;
  const auto total = progress.value("total", 0.0);
  const double share = total > 0 ? progress.value("done", 0.0) / total : 0;
  bar.show(share, progress.value("text", std::string{}));
}

/// The first node of a launched cluster, as the jobs' host.
class job_host {
public:
  job_host(const launcher::run_paths& paths, std::string node)
      : node_{std::move(node)} {
    address_.unix_path = paths.node_socket(node_);
  }

  const std::string& node() const { return node_; }

  result<nlohmann::json> start(const std::string& job) const {
    http::request request;
    request.verb = http::method::post;
    request.path = "/api/v1/jobs";
    request.query["name"] = job;
    return call(request, start_timeout);
  }

  result<nlohmann::json> state(const std::string& id,
                               std::chrono::milliseconds timeout) const {
    http::request request;
    request.path = "/api/v1/jobs/" + id;
    request.query["wait_ms"] = std::to_string(poll_wait.count());
    return call(request, timeout);
  }

private:
  result<nlohmann::json> call(const http::request& what,
                              std::chrono::milliseconds timeout) const {
    auto answer = http::call(address_, what, timeout);
    if (!answer)
      return fail(answer.error().code,
                  fmt::format("node {} does not answer: {}", node_,
                              answer.error().message));
    return http::json_of(*answer);
  }

  std::string node_;
  http::address address_;
};

tl::unexpected<failure> overdue(const job_host& host,
                                const config::job_options& job, bool answered) {
  return fail(
      errc::timed_out,
      fmt::format("node {} {}, {} after the job's timeout of {}", host.node(),
                  answered ? "has not ended it" : "does not answer",
                  format_duration(end_grace), format_duration(job.timeout)));
}

/// Follows one job to its end, or to that of the cluster. The node may be too
/// busy to answer now and then; what bounds this is the job's own timeout.
result<nlohmann::json> follow(const job_host& host,
                              const config::job_options& job,
                              launcher::cluster_launcher& cluster,
                              progress_bar& bar) {
  const auto deadline = clock::now() + job.timeout + end_grace;
  auto started = host.start(job.name);
  if (!started)
    return started;
  const auto id = (*started)["id"].get<std::string>();
  for (bool answered = true;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    if (left <= 0ms)
      return overdue(host, job, answered);
    auto state = host.state(id, std::min(answer_timeout, left));
    if (cluster.wait_until_ending(0ms))
      return fail(errc::cancelled, "the cluster ended before it did");
    answered = state || state.error().code != errc::timed_out;
    if (!answered)
      continue;
    if (!state)
      return state;
    const auto phase = (*state)["state"].get<std::string>();
    if (phase == "running") {
      show_progress(bar, (*state)["progress"]);
      continue;
    }
    bar.clear();
    if (phase == "done")
      return (*state)["result"];
    return tl::unexpected(http::failure_of({500, "", json_text(*state)}));
  }
}

bool says_not_ok(const nlohmann::json& job_result) {
  return job_result.is_object() && job_result.contains("ok")
         && job_result["ok"] == false;
}

/// Sets `declined` when a job's result says so.
result<nlohmann::json> run_each(const job_host& host,
                                const std::vector<config::job_options>& jobs,
                                launcher::cluster_launcher& cluster, bool quiet,
                                bool& declined) {
  progress_bar bar{quiet};
  auto results = nlohmann::json::object();
  for (const auto& job : jobs) {
    auto one = follow(host, job, cluster, bar);
    if (!one)
      return fail(one.error().code,
                  fmt::format("job {}: {}", job.name, one.error().message));
    declined = declined || says_not_ok(*one);
    if (jobs.size() == 1)
      return one;
    results[job.name] = *std::move(one);
  }
  return results;
}

/// Stops the cluster after its jobs. When it was ending before, its own reason
/// says more than what the jobs saw of that.
result<nlohmann::json> conclude(launcher::cluster_launcher& cluster,
                                const std::string& name,
                                result<nlohmann::json> outcome) {
  // A node's socket is closed before the launcher hears of its end.
  const bool cut_off = !outcome && outcome.error().code == errc::unavailable;
  const bool ended_before =
      cluster.wait_until_ending(cut_off ? end_notice : 0ms);
  cluster.request_stop();
  auto ended = cluster.wait();
  if (!ended && (outcome || ended_before))
    return pass_on(ended);
  if (!outcome && ended_before)
    return fail(
        errc::cancelled,
        fmt::format("cluster {} was stopped before its jobs were done", name));
  return outcome;
}

} // namespace

bool is_good(const run_report& report) {
  return report.outcome.has_value() && !report.declined;
}

nlohmann::json to_json(const run_report& report) {
  nlohmann::json made{{"ok", is_good(report)},
                      {"cluster", nullptr},
                      {"nodes", nullptr},
                      {"seconds", nullptr},
                      {"result", nullptr},
                      {"error", nullptr},
                      {"problems", to_json(report.problems)}};
  if (!report.cluster.empty()) {
    made["cluster"] = report.cluster;
    made["nodes"] = report.nodes;
  }
  if (report.seconds)
    made["seconds"] = *report.seconds;
  if (report.outcome)
    made["result"] = *report.outcome;
  else
    made["error"] = error_json(report.outcome.error());
  return made;
}

run_report run_jobs(launcher::launch_options options,
                    const std::vector<config::job_options>& jobs, bool quiet) {
  run_report report{.cluster = options.cluster, .nodes = options.nodes.size()};
  const auto first_node = options.nodes.front();
  launcher::cluster_launcher cluster{std::move(options)};
  if (auto started = cluster.start(); !started) {
    report.outcome = pass_on(started);
    return report;
  }
  const auto begin = clock::now();
  auto outcome = run_each(job_host{cluster.paths(), first_node}, jobs, cluster,
                          quiet, report.declined);
  report.seconds = std::chrono::duration<double>(clock::now() - begin).count();
  report.outcome = conclude(cluster, report.cluster, std::move(outcome));
  return report;
}

} // namespace weft::apps
