#include "runtime/base/version.hpp"

#include "apps/weft/command.hpp"
#include "runtime/caf/compat.hpp"

#include <fmt/core.h>

#include <memory>

namespace weft::apps {

namespace {

int show_version(bool json) {
  if (json)
    print_json({{"ok", true},
                {"version", version()},
                {"caf", caf_version()},
                {"compiler", __VERSION__}});
  else
    fmt::print("{}\n", version_text());
  return success;
}

} // namespace

std::string version_text() {
  return fmt::format("weft {} (CAF {}, g++ {})", version(), caf_version(),
                     __VERSION__);
}

void add_version(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand("version", "Print the versions");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft version");
  run_when_chosen(*command, exit, [json] { return show_version(*json); });
}

} // namespace weft::apps
