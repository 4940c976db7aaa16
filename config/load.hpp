#pragma once

#include "config/options.hpp"
#include "config/problem.hpp"
#include "runtime/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::config {

/// What goes into a configuration beside its file.
struct load_options {
  /// "path=value", in order: "log.level=debug", "nodes[0].listen=...",
  /// "nodes.n2.listen=...", `jobs[0].args={rows: 8}`.
  std::vector<std::string> overrides;
  /// Value of `${NAME}`; absent for one that is not set. Empty function: none
  /// is.
  std::function<std::optional<std::string>(const std::string&)> environment;
  /// How included files are read; empty function: from the file system.
  std::function<result<std::string>(const std::string& path)> read;
  /// The certificates that nodes off loopback need may be missing, as for
  /// whoever makes them.
  bool certificates_may_be_missing = false;
};

/// A configuration with everything that is wrong with it, in the order of the
/// files, lines and columns.
struct loaded {
  /// Complete and consistent when `ok()`; otherwise only good for messages.
  cluster_options options;
  std::vector<problem> problems;

  bool ok() const noexcept { return problems.empty(); }
};

/// The process's own environment.
std::optional<std::string> process_environment(const std::string& name);

/// Loads a cluster file from the file system. Every mistake is a problem;
/// nothing is thrown. Relative names are relative to the working directory.
loaded load_file(const std::string& path, const load_options& options);

/// Loads a cluster file's text; messages call it `file_name`, and what it
/// names is relative to that name's folder.
loaded load_text(const std::string& text, const std::string& file_name,
                 const load_options& options);

} // namespace weft::config
