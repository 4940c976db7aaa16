#include "apps/weft/program.hpp"

#include "apps/weft/command.hpp"
#include "apps/weft/job_run.hpp"
#include "runtime/base/version.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <string_view>

namespace weft::apps {

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
/// on; the program itself if none was.
const CLI::App& chosen(const CLI::App& app) {
  const auto below = app.get_subcommands();
  return below.empty() ? app : chosen(*below.front());
}

/// Its words on the command line: "space count "; empty for the program.
std::string path_of(const CLI::App& command) {
  const auto* above = command.get_parent();
  return above ? path_of(*above) + command.get_name() + " " : std::string{};
}

/// What is wrong with the command line. Something unknown goes before what is
/// missing, which may be missing for that reason.
std::string usage_mistake(const CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining(true);
  if (unknown.empty())
    return error.what();
  const auto* what = unknown.front().starts_with('-') ? "option"
                     : app.get_subcommands().empty()  ? "command"
                                                      : "argument";
  return fmt::format("unknown {} {}", what, unknown.front());
}

/// Says it as the command would say its other mistakes.
int report_usage(const CLI::App& app, const CLI::ParseError& error, bool json) {
  const auto& command = chosen(app);
  const failure mistake{errc::invalid_argument,
                        fmt::format("{}; see: weft {}--help",
                                    usage_mistake(app, error),
                                    path_of(command))};
  if (!json || !command.get_option_no_throw("--json"))
    return report(mistake, false);
  if (command.get_name() != "run")
    return report(mistake, true);
  run_report nothing;
  nothing.outcome = tl::unexpected(mistake);
  print_json(to_json(nothing));
  return bad_usage;
}

} // namespace

int run_program(int argc, char** argv) {
  // A peer that hangs up is an error code of the write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{description, "weft"};
  app.footer(footer);
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text, "Print the versions");
  int exit = success;
  add_commands(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) // --help, --version
      return app.exit(error);
    // Where it stands the parser may not have come to.
    const bool json = std::any_of(argv + 1, argv + argc, [](const char* word) {
      return word == std::string_view{"--json"};
    });
    return report_usage(app, error, json);
  } catch (const std::exception& error) {
    fmt::print(stderr, "weft: defect: {}\n", error.what());
    return work_failed;
  }
  return exit;
}

} // namespace weft::apps
