#include "runtime/launcher/systemd.hpp"

#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "runtime/launcher/launcher.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace weft::apps {

namespace {

struct unit_choice {
  std::string directory;
  std::string user;
  std::vector<std::string> nodes;
  bool json = false;
};

result<void> write_unit(const std::filesystem::path& path,
                        const std::string& text) {
  std::ofstream out{path};
  out << text;
  out.close();
  if (!out)
    return fail(errc::io, fmt::format("cannot write {}; set --output to a "
                                      "folder that you can write",
                                      path.string()));
  return {};
}

result<std::vector<launcher::systemd_unit>>
units_of(const config::cluster_options& cluster, const cluster_file& file,
         const unit_choice& choice) {
  std::error_code code;
  launcher::systemd_options options;
  options.program = std::filesystem::read_symlink("/proc/self/exe", code);
  options.file = std::filesystem::absolute(file.path).string();
  options.overrides = file.overrides;
  options.user = choice.user;
  auto nodes = choice.nodes;
  if (nodes.empty())
    for (const auto& node : cluster.nodes)
      nodes.push_back(node.name);
  return launcher::make_systemd_units(cluster, nodes, options);
}

int write_units(const cluster_file& file, const unit_choice& choice) {
  const auto cluster = open_cluster_file(file, checks::file_alone);
  if (!cluster)
    return report_mistakes(cluster.error(), choice.json);
  const auto units = units_of(*cluster, file, choice);
  if (!units)
    return report(units.error(), choice.json);
  auto told = nlohmann::json::array();
  for (const auto& unit : *units) {
    std::string path;
    if (!choice.directory.empty()) {
      path = std::filesystem::path{choice.directory} / unit.name;
      if (auto written = write_unit(path, unit.text); !written)
        return report(written.error(), choice.json);
    }
    told.push_back({{"name", unit.name}, {"path", path}, {"text", unit.text}});
    if (choice.json)
      continue;
    if (path.empty())
      fmt::print("# {}\n{}\n", unit.name, unit.text);
    else
      fmt::print("{}\n", path);
  }
  if (choice.json)
    print_json({{"ok", true}, {"units", std::move(told)}});
  return success;
}

} // namespace

void add_systemd(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "systemd", "Write systemd units, one a node, that run it without a "
                 "launcher");
  auto file = add_cluster_file(*command);
  auto choice = std::make_shared<unit_choice>();
  command->add_option("--output", choice->directory,
                      "Folder for the unit files; without it they are "
                      "printed");
  command->add_option("--user", choice->user, "User that the nodes run as");
  command->add_option("--node", choice->nodes,
                      "Only this node (repeat for more)");
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer("Example: weft systemd cluster.yaml --output "
                  "/etc/systemd/system");
  run_when_chosen(*command, exit,
                  [file, choice] { return write_units(*file, *choice); });
}

} // namespace weft::apps
