#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"

#include <fmt/core.h>

#include <memory>

namespace weft::apps {

namespace {

std::string count_text(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

int check(const cluster_file& file, bool with_modules, bool json) {
  const auto cluster = open_cluster_file(
      file, with_modules ? checks::with_modules : checks::file_alone);
  if (!cluster)
    return report_mistakes(cluster.error(), json);
  if (json)
    print_json({{"ok", true},
                {"cluster", cluster->cluster},
                {"nodes", cluster->nodes.size()},
                {"actors", cluster->actors.size()},
                {"jobs", cluster->jobs.size()}});
  else
    fmt::print("{}: good: cluster {}, {}, {}, {}\n", file.path,
               cluster->cluster, count_text(cluster->nodes.size(), "node"),
               count_text(cluster->actors.size(), "actor"),
               count_text(cluster->jobs.size(), "job"));
  return success;
}

} // namespace

void add_check(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "check", "Check a cluster file, and its actors' and jobs' arguments "
               "against the modules");
  auto file = add_cluster_file(*command);
  auto no_modules = std::make_shared<bool>(false);
  command->add_flag("--no-modules", *no_modules,
                    "Check the file alone; load no module");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft check cluster.yaml");
  run_when_chosen(*command, exit, [file, no_modules, json] {
    return check(*file, !*no_modules, *json);
  });
}

} // namespace weft::apps
