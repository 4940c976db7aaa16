#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace weft::launcher {

/// Of the environment, what decides where run directories lie.
struct run_environment {
  /// XDG_RUNTIME_DIR; "" when not set.
  std::string runtime_dir;
  uid_t user = 0;
};

/// That of this process.
run_environment current_environment();

/// The folder of all run directories of a user: "<XDG_RUNTIME_DIR or
/// /tmp>/weft-<uid>". A relative XDG_RUNTIME_DIR is ignored, as its
/// specification demands.
std::string runs_root(const run_environment& environment);

/// "<runs_root>/<cluster>-<8 hex digits of the file's path>": the same file
/// has the same directory, two clusters of one name have two.
std::string default_run_path(const run_environment& environment,
                             std::string_view cluster,
                             std::string_view absolute_file);

/// Where things lie in the run directory of one cluster. Pure: makes strings.
class run_paths {
public:
  /// Longest path that a Unix socket's address can hold on Linux.
  static constexpr std::size_t socket_path_bytes_max = 107;

  /// `root` is absolute and has no '/' at its end.
  explicit run_paths(std::string root) : root_(std::move(root)) {}

  const std::string& root() const noexcept { return root_; }
  std::string lock() const { return root_ + "/lock"; }
  std::string launcher_pid() const { return root_ + "/launcher.pid"; }
  std::string launcher_socket() const { return root_ + "/launcher.sock"; }
  std::string launcher_log() const { return root_ + "/launcher.log"; }
  /// JSON: what `run_info` holds.
  std::string cluster_json() const { return root_ + "/cluster.json"; }
  /// JSON: what `run_end` holds; there once the cluster has ended.
  std::string ended_json() const { return root_ + "/ended.json"; }
  std::string nodes() const { return root_ + "/nodes"; }
  /// Certificates and keys.
  std::string tls() const { return root_ + "/tls"; }

  std::string node_log(std::string_view node) const;
  std::string node_pid(std::string_view node) const;
  /// The control socket on which the node listens.
  std::string node_socket(std::string_view node) const;
  /// One line "host:port", written by the node when it listens.
  std::string node_address(std::string_view node) const;

  /// Fails with `invalid_argument` when a socket's path would be too long.
  result<void> check_sockets(std::span<const std::string> nodes) const;

private:
  std::string of_node(std::string_view node, std::string_view suffix) const;

  std::string root_;
};

} // namespace weft::launcher
