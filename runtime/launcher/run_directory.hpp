#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"
#include "runtime/launcher/run_paths.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace weft::launcher {

enum class run_end_kind : std::uint8_t {
  /// By `weft down`, or its work was done.
  stopped,
  interrupted,
  failed,
  /// Its launcher ended without a word, and may have left processes.
  lost
};

std::string_view to_string(run_end_kind kind) noexcept;

/// How a cluster's life ended.
struct run_end {
  run_end_kind kind = run_end_kind::stopped;
  /// For people, of `failed`; may have several lines.
  std::string reason;
  /// ISO 8601, UTC; "" of `lost`.
  std::string at;

  friend bool operator==(const run_end&, const run_end&) = default;
};

/// What a run directory says of its cluster.
struct run_info {
  std::string path;
  std::string cluster;
  /// The cluster file, absolute.
  std::string file;
  std::vector<std::string> overrides;
  std::vector<std::string> nodes;
  /// ISO 8601, UTC.
  std::string started;
  /// 0 when unknown.
  pid_t launcher = 0;
  /// A launcher holds the directory now, or nodes listen there without one.
  bool alive = false;
  /// False: the nodes run without a launcher; `path` and `nodes` are known.
  bool launched = true;
  /// Absent while it is alive.
  std::optional<run_end> end;
};

/// Ended clusters whose logs are kept below the folder of all of a user's
/// runs; more are removed when the next one starts.
inline constexpr std::size_t ended_runs_max = 8;

/// Makes a run directory (absolute, no '/' at its end), its parent and its
/// folder `nodes`, with mode 0700; those that are there must be this user's
/// alone. Fails with `permission_denied` (it belongs to another user) or `io`.
result<void> own_run_directory(const std::string& path);

/// The exclusive possession of a run directory. Layout: see `run_paths`.
class run_directory {
public:
  struct options {
    /// Absolute.
    std::string path;
    std::string cluster;
    std::string file;
    std::vector<std::string> overrides;
    std::vector<std::string> nodes;
    /// ISO 8601, UTC.
    std::string started;
    /// How long leftovers have between SIGTERM and SIGKILL.
    std::chrono::milliseconds leftover_grace{2000};
  };

  /// Makes the directory and its parent (mode 0700), takes its lock, ends
  /// what a launcher that was killed has left, and writes `launcher.pid` and
  /// `cluster.json`; below `runs_root` it prunes what has ended to
  /// `ended_runs_max`. Fails with `already_exists` (a living launcher holds
  /// it), `invalid_argument` (a socket path too long, no absolute path, other
  /// files in it), `permission_denied` (belongs to another user, or cannot be
  /// reached) or `io` (cannot be written). Blocks up to `leftover_grace` and a
  /// second.
  static result<run_directory> acquire(const options& what);

  run_directory(run_directory&&) = default;
  run_directory& operator=(run_directory&&) = default;

  const run_paths& paths() const noexcept { return paths_; }

  /// What was found and ended of a former launcher, a line each.
  const std::vector<std::string>& recovered() const noexcept {
    return recovered_;
  }

  /// Removes the certificates and keys in it: for those that were made for
  /// this one life of the cluster.
  void remove_certificates();

  /// Removes what only a running cluster needs (sockets, pids, addresses, the
  /// lock), and so gives the directory up; logs stay, and how it ended.
  void release(const run_end& how = {});

  /// As `release`, and removes the directory with all that is in it.
  void remove();

  /// Removes the directories below `root` of clusters that have ended in
  /// order, but for the `keep` that ended last.
  static void prune(const std::string& root, std::size_t keep);

private:
  run_directory(run_paths paths, unique_fd lock)
      : paths_(std::move(paths)), lock_(std::move(lock)) {}

  run_paths paths_;
  unique_fd lock_;
  std::vector<std::string> recovered_;
};

/// The content of a small file. Fails with `not_found`, `io`, or `exhausted`
/// when it is longer than 1 MiB.
result<std::string> read_small_file(const std::string& path);

/// Reads what a directory says of its cluster, and whether it is alive. Fails
/// with `not_found` when it is no run directory.
result<run_info> inspect_run(const std::string& path);

/// The paths of what lies in `root` (see `runs_root`), each the run directory
/// of a cluster or of nodes without a launcher, in order; none if there is no
/// such folder.
std::vector<std::string> run_directories(const std::string& root);

/// All clusters below `root`, living and left over, in order of their paths.
std::vector<run_info> list_runs(const std::string& root);

/// Waits until no launcher holds the directory `path`, on the calling thread.
/// Fails with `timed_out`.
result<void> wait_until_released(const std::string& path,
                                 std::chrono::milliseconds timeout);

} // namespace weft::launcher
