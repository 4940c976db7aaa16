#pragma once

#include "config/options.hpp"
#include "config/problem.hpp"
#include "runtime/base/result.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace weft::apps {

/// The arguments by which a subcommand names a cluster file.
struct cluster_file {
  std::string path;
  /// "path=value", as often as --set was given.
  std::vector<std::string> overrides;
};

/// Adds FILE and --set to a subcommand.
std::shared_ptr<cluster_file> add_cluster_file(CLI::App& command,
                                               bool required = true);

/// Why a cluster file cannot be used.
struct file_mistakes {
  /// `invalid_argument`; the message says how many there are.
  failure whole;
  std::vector<config::problem> problems;
};

/// What of a cluster file is checked.
enum class checks {
  /// The file alone, for whoever makes the certificates that it may need.
  without_certificates,
  file_alone,
  /// Its actors and jobs against the modules too, which loads them here.
  with_modules,
};

using opened_file = tl::expected<config::cluster_options, file_mistakes>;

/// Loads it with this process's environment.
opened_file open_cluster_file(const cluster_file& file, checks what);

/// Tells every mistake: as a line on standard error, or with `json` as one of
/// "problems" in one JSON object on standard output. Returns the exit code.
int report_mistakes(const file_mistakes& what, bool json);

/// {"file", "line", "column", "path", "message"}; null for what is not known.
nlohmann::json to_json(const config::problem& what);

/// A list of them.
nlohmann::json to_json(const std::vector<config::problem>& all);

} // namespace weft::apps
