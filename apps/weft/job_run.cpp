#include "apps/weft/job_run.hpp"

#include "runtime/http/client.hpp"

#include <fmt/core.h>

#include <chrono>
#include <future>
#include <unistd.h>

namespace weft::apps {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// How long one poll of a job's state waits at the node for a change.
constexpr auto poll_wait = 500ms;

/// One line on a terminal that is written over; nothing elsewhere.
class progress_line {
public:
  explicit progress_line(bool quiet)
      : shown_{!quiet && isatty(STDERR_FILENO)} {}
  ~progress_line() { clear(); }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(const nlohmann::json& progress) {
    if (!shown_ || !progress.is_object())
      return;
    const auto done = progress.value("done", 0.0);
    const auto total = progress.value("total", 0.0);
    const double share = total > 0 ? std::min(1.0, done / total) : 0;
    const auto filled = static_cast<std::size_t>(share * 30);
    fmt::print(stderr, "\r\033[K[{}{}] {:3.0f}% {}", std::string(filled, '#'),
               std::string(30 - filled, '.'), share * 100,
               progress.value("text", std::string{}));
    std::fflush(stderr);
    drawn_ = true;
  }

  void clear() {
    if (drawn_)
      fmt::print(stderr, "\r\033[K");
    drawn_ = false;
  }

private:
  bool shown_;
  bool drawn_ = false;
};

/// The first node of a launched cluster, as the jobs' host.
class job_host {
public:
  job_host(const launcher::run_paths& paths, const std::string& first_node) {
    address_.unix_path = paths.node_socket(first_node);
  }

  result<nlohmann::json> start(const std::string& job) const {
    http::request request;
    request.verb = http::method::post;
    request.path = "/api/v1/jobs";
    request.query["name"] = job;
    return call(request, 30s);
  }

  result<nlohmann::json> state(const std::string& id) const {
    http::request request;
    request.path = "/api/v1/jobs/" + id;
    request.query["wait_ms"] = std::to_string(poll_wait.count());
    return call(request, 10s);
  }

private:
  result<nlohmann::json> call(const http::request& what,
                              std::chrono::milliseconds timeout) const {
    auto answer = http::call(address_, what, timeout);
    if (!answer)
      return pass_on(answer);
    if (answer->status >= 400)
      return tl::unexpected(http::failure_of(*answer));
    auto body = nlohmann::json::parse(answer->body, nullptr, false);
    if (body.is_discarded())
      return fail(errc::internal, "the node's answer is no JSON");
    return body;
  }

  http::address address_;
};

bool is_over(const std::future<result<void>>& end) {
  return end.wait_for(0s) == std::future_status::ready;
}

/// Follows one job to its end, or to that of the cluster.
result<nlohmann::json> follow(const job_host& host, const std::string& name,
                              const std::future<result<void>>& cluster_end,
                              progress_line& line) {
  auto started = host.start(name);
  if (!started)
    return started;
  const auto id = (*started)["id"].get<std::string>();
  for (;;) {
    auto state = host.state(id);
    if (is_over(cluster_end))
      return fail(errc::unavailable,
                  fmt::format("the cluster ended before job {} did", name));
    if (!state) {
      // The node may be too busy to answer in time; its end is told by
      // `cluster_end`.
      if (state.error().code == errc::timed_out)
        continue;
      return state;
    }
    const auto phase = (*state)["state"].get<std::string>();
    if (phase == "running") {
      line.show((*state)["progress"]);
      continue;
    }
    line.clear();
    if (phase == "done")
      return (*state)["result"];
    return tl::unexpected(http::failure_of({500, "", state->dump()}));
  }
}

result<nlohmann::json> run_each(const job_host& host,
                                const std::vector<config::job_options>& jobs,
                                const std::future<result<void>>& cluster_end,
                                bool quiet) {
  progress_line line{quiet};
  auto results = nlohmann::json::object();
  for (const auto& job : jobs) {
    auto one = follow(host, job.name, cluster_end, line);
    if (!one)
      return fail(one.error().code,
                  fmt::format("job {}: {}", job.name, one.error().message));
    if (jobs.size() == 1)
      return one;
    results[job.name] = *std::move(one);
  }
  return results;
}

} // namespace

result<nlohmann::json> run_jobs(launcher::launch_options options,
                                const std::vector<config::job_options>& jobs,
                                bool quiet) {
  const auto cluster = options.cluster;
  const auto nodes = options.nodes;
  launcher::cluster_launcher launcher{std::move(options)};
  if (auto started = launcher.start(); !started)
    return pass_on(started);
  auto end =
      std::async(std::launch::async, [&launcher] { return launcher.wait(); });
  const auto begin = clock::now();
  auto outcome =
      run_each(job_host{launcher.paths(), nodes.front()}, jobs, end, quiet);
  const std::chrono::duration<double> seconds = clock::now() - begin;
  const bool ended_early = is_over(end);
  launcher.request_stop();
  auto ended = end.get();
  // When the cluster broke, its own reason says more than the job's.
  if (!ended && (outcome || ended_early))
    return pass_on(ended);
  if (!outcome)
    return outcome;
  return nlohmann::json{{"ok", true},
                        {"cluster", cluster},
                        {"nodes", nodes.size()},
                        {"seconds", seconds.count()},
                        {"result", *std::move(outcome)}};
}

} // namespace weft::apps
