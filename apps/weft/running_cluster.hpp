#pragma once

#include "runtime/base/result.hpp"
#include "runtime/http/message.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace weft::apps {

/// How a subcommand names the running cluster that it talks to.
struct cluster_choice {
  /// Of its YAML file, or "": the only one that runs.
  std::string file;
  /// Its run directory, over `file`.
  std::string run_directory;
  /// The node that is asked; "": the first.
  std::string node;
};

/// Adds [FILE], --run-dir and, if `with_node`, --node to a subcommand.
std::shared_ptr<cluster_choice> add_cluster_choice(CLI::App& command,
                                                   bool with_node = true);

/// What names a cluster on the command line of a subcommand: its file, or
/// --run-dir when it has a directory that was chosen; quoted for a shell.
std::string choosing_arguments(const std::string& file,
                               const std::string& run_directory);

/// The same of a cluster that was found; its file is absolute.
std::string choosing_arguments(const launcher::run_info& run);

/// Why a cluster does not run, for people: how its last life ended, and how to
/// see its logs and start it again.
std::string end_text(const launcher::run_info& run);

/// The run directory of a choice, whether a cluster runs in it or not; without
/// a name the only one that runs, or the one that ended last. Nodes that run
/// without a launcher are found by their sockets, those that nobody listens on
/// left out. Fails with `unavailable` when there is none, and with
/// `invalid_argument` when several run; both messages say what to name.
result<launcher::run_info> find_run(const cluster_choice& choice);

/// As `find_run`, but a cluster must run there (otherwise `unavailable` with
/// `end_text`).
result<launcher::run_info> find_running(const cluster_choice& choice);

/// How long a node has to answer what it need not wait for.
inline constexpr std::chrono::seconds answer_timeout{10};

/// Sends a request to the control socket of the chosen node and returns the
/// answered object. A failure that the node reports is passed on; a node that
/// cannot be reached is `unavailable`.
result<nlohmann::json> ask_node(const launcher::run_info& run,
                                const std::string& node,
                                const http::request& what,
                                std::chrono::milliseconds timeout);

/// The same for a choice: finds the cluster and asks its node.
result<nlohmann::json>
ask_cluster(const cluster_choice& choice, const http::request& what,
            std::chrono::milliseconds timeout = answer_timeout);

} // namespace weft::apps
