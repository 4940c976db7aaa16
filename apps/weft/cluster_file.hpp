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

struct opening {
  /// Check actors and jobs against the modules too, which loads them here.
  bool with_modules = true;
  bool json = false;
};

/// Loads it with this process's environment. Every mistake is told: as a line
/// on standard error, or with `json` as one of "problems" in one JSON object
/// on standard output. The error is the exit code then.
tl::expected<config::cluster_options, int>
open_cluster_file(const cluster_file& file, const opening& how);

/// {"file", "line", "column", "path", "message"}; null for what is not known.
nlohmann::json to_json(const config::problem& what);

/// Loads it with this process's environment. Every problem is printed as a
/// line of its own (or inside one JSON object), after which the result is
/// `invalid_argument` with a summary.
result<config::cluster_options> load_cluster_file(const cluster_file& file,
                                                  bool json);

} // namespace weft::apps
