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

const CLI::App& innermost(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.front());
}

/// What is wrong with the command line. Something unknown goes before what is
/// missing, which may be missing for that reason.
int report_usage(CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining(true);
  if (unknown.empty())
    return app.exit(error);
  const auto& command = innermost(app);
  const auto* what = unknown.front().starts_with('-') ? "option"
                     : &command == &app               ? "command"
                                                      : "argument";
  const auto parent = &command == &app ? "" : command.get_name() + " ";
  fmt::print(stderr, "weft: unknown {} {}; see: weft {}--help\n", what,
             unknown.front(), parent);
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
