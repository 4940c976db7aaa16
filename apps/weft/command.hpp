#pragma once

#include "runtime/base/result.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>

/// What the subcommands of `weft` share: exit codes, output, and how each adds
/// itself to the command line.
namespace weft::apps {

/// The program's exit codes, the same for every subcommand.
enum exit_code : int {
  success = 0,
  /// The command was understood and carried out, and the work failed.
  work_failed = 1,
  /// Wrong usage or a wrong configuration file.
  bad_usage = 2,
  /// No running cluster, or it does not answer.
  unreachable = 3,
  timed_out = 4,
};

/// The exit code for a failure of this kind.
int exit_code_of(const failure& what);

/// Prints "weft: <message>" to standard error, or with `json` one object
/// {"ok": false, "error": {"code", "message"}} to standard output; returns the
/// exit code.
int report(const failure& what, bool json);

/// The exit code for a cluster of our own that failed at its work: whatever
/// could not be reached in it, the work failed.
int work_exit_code_of(const failure& what);

/// As `report`, with the exit code of `work_exit_code_of`.
int report_work(const failure& what, bool json);

/// {"code", "message"}.
nlohmann::json error_json(const failure& what);

/// Prints one JSON object and a line break to standard output.
void print_json(const nlohmann::json& object);

/// "weft 0.1.0 (CAF 0.17.6, g++ 12.2.0)".
std::string version_text();

/// Whether to colour what goes to this file descriptor: a terminal's, and
/// NO_COLOR is not set.
bool shows_colour(int terminal);

/// A subcommand's work: returns the exit code.
using action = std::function<int()>;

/// Runs `work` when the subcommand was chosen and keeps its exit code.
void run_when_chosen(CLI::App& subcommand, int& exit, action work);

// Each adds one subcommand (or a few that belong together); the exit code of
// the one that ran is left in `exit`.
void add_check(CLI::App& app, int& exit);
void add_config(CLI::App& app, int& exit);
void add_certs(CLI::App& app, int& exit);
void add_node(CLI::App& app, int& exit);
void add_up(CLI::App& app, int& exit);
void add_down(CLI::App& app, int& exit);
void add_run(CLI::App& app, int& exit);
void add_status(CLI::App& app, int& exit);
void add_tree(CLI::App& app, int& exit);
void add_kill(CLI::App& app, int& exit);
void add_logs(CLI::App& app, int& exit);
void add_systemd(CLI::App& app, int& exit);
void add_new(CLI::App& app, int& exit);
void add_bench(CLI::App& app, int& exit);
void add_byzantine(CLI::App& app, int& exit);
void add_heat(CLI::App& app, int& exit);
void add_space(CLI::App& app, int& exit);
void add_registry(CLI::App& app, int& exit);
void add_version(CLI::App& app, int& exit);

} // namespace weft::apps
