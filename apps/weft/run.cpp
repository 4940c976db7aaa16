#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "apps/weft/job_run.hpp"
#include "apps/weft/launch.hpp"
#include "runtime/base/json_text.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <chrono>
#include <memory>

namespace weft::apps {

namespace {

struct run_choice {
  std::string job;
  std::string run_directory;
  bool json = false;
  bool logs = false;
  bool keep = false;
};

result<std::vector<config::job_options>>
chosen_jobs(const config::cluster_options& cluster, const std::string& name) {
  if (cluster.jobs.empty())
    return fail(errc::invalid_argument,
                "the file has no jobs; to start a cluster that stays: weft up");
  if (name.empty())
    return cluster.jobs;
  std::vector<std::string> known;
  for (const auto& job : cluster.jobs) {
    if (job.name == name || job.type == name)
      return std::vector{job};
    known.push_back(job.name);
  }
  return fail(errc::invalid_argument,
              fmt::format("the file has no job \"{}\", but: {}", name,
                          fmt::join(known, ", ")));
}

int show(const run_report& done, bool json) {
  if (json)
    print_json(to_json(done));
  if (!done.outcome)
    return json ? work_exit_code_of(done.outcome.error())
                : report_work(done.outcome.error(), false);
  const int exit = is_good(done) ? success : work_failed;
  if (json)
    return exit;
  fmt::print("{}\n", json_text(*done.outcome, 2));
  fmt::print(stderr, "cluster {}: {} nodes, job done in {:.2f} s\n",
             done.cluster, done.nodes, done.seconds.value_or(0));
  return exit;
}

/// Tells what was wrong before anything was started.
int refuse_run(const file_mistakes& what, bool json) {
  if (!json)
    return report_mistakes(what, false);
  run_report nothing;
  nothing.outcome = tl::unexpected(what.whole);
  nothing.problems = what.problems;
  print_json(to_json(nothing));
  return exit_code_of(what.whole);
}

int run_cluster(const cluster_file& file, const run_choice& choice) {
  const auto cluster = open_cluster_file(file, checks::with_modules);
  if (!cluster)
    return refuse_run(cluster.error(), choice.json);
  const auto jobs = chosen_jobs(*cluster, choice.job);
  if (!jobs)
    return refuse_run({jobs.error(), {}}, choice.json);
  auto options = launch_options_of(*cluster, file, choice.run_directory);
  if (!options)
    return refuse_run({options.error(), {}}, choice.json);
  options->quiet = choice.json && !choice.logs;
  options->foreground_logs = choice.logs;
  options->keep_directory = choice.keep;
  return show(run_jobs(*std::move(options), *jobs, choice.json), choice.json);
}

} // namespace

void add_run(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "run", "Bring a cluster up, run its jobs, print the result, stop it");
  auto file = add_cluster_file(*command);
  auto choice = std::make_shared<run_choice>();
  command->add_option("--job", choice->job,
                      "Run only this job of the file (name or type)");
  command->add_option("--run-dir", choice->run_directory,
                      "Where sockets, logs and certificates go");
  command->add_flag("--logs", choice->logs,
                    "Show the nodes' logs while it runs");
  command->add_flag("--keep", choice->keep,
                    "Keep the run directory with its logs");
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer("Example: weft run config/examples/hello.yaml --json");
  run_when_chosen(*command, exit,
                  [file, choice] { return run_cluster(*file, *choice); });
}

} // namespace weft::apps
