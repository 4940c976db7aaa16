#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "apps/weft/launch.hpp"
#include "apps/weft/running_cluster.hpp"
#include "runtime/launcher/detach.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <memory>

namespace weft::apps {

namespace {

struct up_choice {
  std::string run_directory;
  bool foreground = false;
  bool json = false;
};

nlohmann::json running_object(const launcher::launch_options& options) {
  return {{"ok", true},
          {"cluster", options.cluster},
          {"nodes", options.nodes},
          {"run_dir", options.run_dir}};
}

std::string running_text(const cluster_file& file, const up_choice& choice) {
  const auto which = choosing_arguments(file.path, choice.run_directory);
  return fmt::format("look: weft status {0}\nstop: weft down {0}", which);
}

/// The launcher itself: in the foreground, or as the process in the
/// background that reports to the one that started it.
int launch(launcher::launch_options options, const cluster_file& file,
           const up_choice& choice) {
  auto reporter = launcher::start_report::of_this_process();
  if (reporter) {
    options.quiet = true;
    options.observer = [&reporter](const launcher::progress& line) {
      reporter->progress(line.text);
    };
  }
  options.foreground_logs = choice.foreground && !choice.json;
  options.keep_directory = true;
  const auto running = running_object(options);
  launcher::cluster_launcher launcher{options};
  if (auto started = launcher.start(); !started) {
    if (!reporter)
      return report_work(started.error(), choice.json);
    reporter->finish(started);
    return work_exit_code_of(started.error());
  }
  if (reporter)
    reporter->finish({});
  else if (choice.json)
    print_json(running);
  else
    fmt::print("{}\n", running_text(file, choice));
  // The one object of --json was printed when the cluster was up.
  if (auto ended = launcher.wait(); !ended)
    return reporter ? static_cast<int>(work_failed)
                    : report_work(ended.error(), false);
  return success;
}

std::vector<std::string> background_arguments(const cluster_file& file,
                                              const up_choice& choice) {
  std::vector<std::string> arguments{"up", "--foreground", file.path};
  for (const auto& value : file.overrides) {
    arguments.push_back("--set");
    arguments.push_back(value);
  }
  if (!choice.run_directory.empty()) {
    arguments.push_back("--run-dir");
    arguments.push_back(choice.run_directory);
  }
  return arguments;
}

/// Nodes start some at a time, and each may take its time to be ready.
std::chrono::milliseconds
start_time_max(const launcher::launch_options& options) {
  const auto at_once = options.limits.starting_max;
  const auto waves = (options.nodes.size() + at_once - 1) / at_once;
  return std::chrono::ceil<std::chrono::milliseconds>(
      static_cast<std::int64_t>(waves) * options.limits.ready_timeout
      + std::chrono::seconds{30});
}

int launch_in_background(const launcher::launch_options& options,
                         const cluster_file& file, const up_choice& choice) {
  launcher::detach_options how;
  how.program = options.program;
  how.arguments = background_arguments(file, choice);
  how.timeout = start_time_max(options);
  if (!choice.json)
    how.progress = [](std::string_view line) {
      fmt::print(stderr, "{}\n", line);
    };
  const auto outcome = launcher::detach(how);
  if (!outcome)
    return report(outcome.error(), choice.json);
  if (!outcome->start)
    return report_work(outcome->start.error(), choice.json);
  if (choice.json)
    print_json(running_object(options));
  else
    fmt::print("{}\n", running_text(file, choice));
  return success;
}

int bring_up(const cluster_file& file, const up_choice& choice) {
  // In the background, where the report goes to another process, that one has
  // checked the modules.
  const bool reports = std::getenv(launcher::report_variable) != nullptr;
  const auto cluster = open_cluster_file(file, reports ? checks::file_alone
                                                       : checks::with_modules);
  if (!cluster)
    return report_mistakes(cluster.error(), choice.json);
  auto options = launch_options_of(*cluster, file, choice.run_directory);
  if (!options)
    return report(options.error(), choice.json);
  if (choice.foreground)
    return launch(*std::move(options), file, choice);
  return launch_in_background(*options, file, choice);
}

} // namespace

void add_up(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "up", "Start a cluster's nodes on this machine and wait until all are "
            "ready");
  auto file = add_cluster_file(*command);
  auto choice = std::make_shared<up_choice>();
  command->add_option("--run-dir", choice->run_directory,
                      "Where sockets, logs and certificates go");
  command->add_flag("--foreground", choice->foreground,
                    "Stay, show the logs, stop at Ctrl-C");
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer("Example: weft up config/examples/hello.yaml");
  run_when_chosen(*command, exit,
                  [file, choice] { return bring_up(*file, *choice); });
}

} // namespace weft::apps
