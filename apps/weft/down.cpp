#include "apps/weft/command.hpp"
#include "apps/weft/running_cluster.hpp"
#include "runtime/base/text.hpp"
#include "runtime/launcher/control.hpp"

#include <fmt/core.h>

namespace weft::apps {

namespace {

int stop(const cluster_choice& choice, const std::string& timeout, bool json) {
  const auto limit = parse_duration(timeout);
  if (!limit)
    return report(limit.error(), json);
  const auto run = find_running(choice);
  if (!run)
    return report(run.error(), json);
  if (!run->launched)
    return report(
        {errc::unsupported,
         fmt::format("the nodes in {} run without a launcher; end each by "
                     "SIGTERM, or under systemd: systemctl stop "
                     "'weft-*.target'",
                     run->path)},
        json);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(*limit);
  const auto stopped =
      launcher::stop_cluster(launcher::run_paths{run->path}, milliseconds);
  if (!stopped)
    return report(stopped.error(), json);
  if (json)
    print_json({{"ok", true}, {"cluster", run->cluster}});
  else
    fmt::print("cluster {} is stopped\n", run->cluster);
  return success;
}

} // namespace

void add_down(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "down", "Stop a running cluster, its nodes in reverse order");
  auto choice = add_cluster_choice(*command, false);
  auto timeout = std::make_shared<std::string>("60s");
  command->add_option("--timeout", *timeout, "How long to wait for the end")
      ->capture_default_str();
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft down config/examples/hello.yaml");
  run_when_chosen(*command, exit, [choice, timeout, json] {
    return stop(*choice, *timeout, *json);
  });
}

} // namespace weft::apps
