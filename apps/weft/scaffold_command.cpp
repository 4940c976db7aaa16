#include "apps/weft/command.hpp"
#include "apps/weft/scaffold.hpp"

#include <fmt/core.h>

#include <memory>

namespace weft::apps {

namespace {

struct new_arguments {
  std::string name;
  bool json = false;
};

int make_project(const new_arguments& given) {
  const auto folder = write_scaffold(".", given.name);
  if (!folder)
    return report(folder.error(), given.json);
  if (given.json)
    print_json({{"ok", true}, {"folder", folder->lexically_normal().string()}});
  else
    fmt::print("{} is a project with a module, a test and a cluster of two "
               "nodes; the commands are in {}/README.md\n",
               given.name, given.name);
  return success;
}

} // namespace

void add_new(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "new", "Write a new project that builds, tests and runs");
  command->footer("Example: weft new demo && cd demo && cat README.md");
  auto given = std::make_shared<new_arguments>();
  command->add_option("NAME", given->name, "its name and that of its folder")
      ->required();
  command->add_flag("--json", given->json, "one JSON object as output");
  run_when_chosen(*command, exit, [given] { return make_project(*given); });
}

} // namespace weft::apps
