#include "apps/weft/command.hpp"
#include "config/print.hpp"
#include "runtime/base/json_text.hpp"

#include <fmt/core.h>

#include <memory>

namespace weft::apps {

namespace {

struct choice {
  bool reference = false;
  bool defaults = false;
  bool json_schema = false;
};

int print_configuration(const choice& what) {
  if (what.reference)
    fmt::print("{}", config::reference_markdown());
  else if (what.defaults)
    fmt::print("{}", config::defaults_yaml());
  else
    fmt::print("{}\n", json_text(config::json_schema(), 2));
  return success;
}

} // namespace

void add_config(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "config",
      "Print what a cluster file can say: reference, defaults, schema");
  auto what = std::make_shared<choice>();
  auto* group = command->add_option_group("what");
  group->add_flag("--reference", what->reference,
                  "Every key with type, range and default, as Markdown");
  group->add_flag("--defaults", what->defaults,
                  "A complete, commented cluster file with all defaults");
  group->add_flag("--json-schema", what->json_schema,
                  "A JSON Schema for editors");
  group->require_option(1);
  command->footer("Example: weft config --defaults > cluster.yaml");
  run_when_chosen(*command, exit,
                  [what] { return print_configuration(*what); });
}

} // namespace weft::apps
