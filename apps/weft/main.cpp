#include "apps/weft/command.hpp"
#include "runtime/base/version.hpp"

#include <fmt/core.h>

#include <csignal>
#include <exception>

namespace {

constexpr const char* description =
    "weft: actors, clusters and supervision for C++.\n"
    "A YAML file describes a cluster; `weft run FILE` brings it up, runs its "
    "job and stops it.\n"
    "Try: weft run config/examples/hello.yaml";

constexpr const char* footer =
    "Exit codes: 0 success, 1 the work failed, 2 wrong usage or "
    "configuration,\n3 the cluster cannot be reached, 4 timed out.\n"
    "Every command has --help with an example.";

void add_commands(CLI::App& app, int& exit) {
  using namespace weft::apps;
  add_run(app, exit);
  add_up(app, exit);
  add_down(app, exit);
  add_status(app, exit);
  add_tree(app, exit);
  add_logs(app, exit);
  add_kill(app, exit);
  add_space(app, exit);
  add_registry(app, exit);
  add_check(app, exit);
  add_config(app, exit);
  add_node(app, exit);
  add_certs(app, exit);
  add_systemd(app, exit);
  add_new(app, exit);
  add_heat(app, exit);
  add_byzantine(app, exit);
  add_bench(app, exit);
  add_version(app, exit);
}

/// The subcommand that was chosen, within the one that it belongs to and so
/// on: "space count "; empty for the program itself.
std::string chosen_path(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty())
    return {};
  return chosen.front()->get_name() + " " + chosen_path(*chosen.front());
}

/// What is wrong with the command line. Something unknown goes before what is
/// missing, which may be missing for that reason.
int report_usage(CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining(true);
  if (unknown.empty())
    return app.exit(error);
  const auto command = chosen_path(app);
  const auto* what = unknown.front().starts_with('-') ? "option"
                     : command.empty()                ? "command"
                                                      : "argument";
  fmt::print(stderr, "weft: unknown {} {}; see: weft {}--help\n", what,
             unknown.front(), command);
  return weft::apps::bad_usage;
}

} // namespace

int main(int argc, char** argv) {
  // A peer that hangs up is an error code of the write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{description, "weft"};
  app.footer(footer);
  app.require_subcommand(1);
  app.set_version_flag("--version", weft::apps::version_text,
                       "Print the versions");
  int exit = weft::apps::success;
  add_commands(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_usage(app, error) == 0 ? weft::apps::success
                                         : weft::apps::bad_usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "weft: defect: {}\n", error.what());
    return weft::apps::work_failed;
  }
  return exit;
}
