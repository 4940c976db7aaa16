#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"
#include "runtime/launcher/launch_core.hpp"
#include "runtime/launcher/run_paths.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weft::launcher {

struct launch_options {
  /// The weft program, absolute. A node's command line is
  /// `PROGRAM node FILE --name NODE --run-dir DIR [--set OVERRIDE]...`.
  std::string program;
  /// The cluster file, absolute.
  std::string file;
  /// "path=value", as given with --set.
  std::vector<std::string> overrides;
  std::string cluster;
  /// The nodes to run here, in the order of the file; not empty. The first
  /// one carries the cluster supervisor, or the only way to it.
  std::vector<std::string> nodes;
  launch_limits limits;
  /// Absolute; see `default_run_path`.
  std::string run_dir;
  /// Keep the logs when the cluster has ended well or was interrupted; without
  /// it nothing is kept then.
  bool keep_directory = false;
  /// Set for every node, on top of this process's environment.
  std::vector<std::pair<std::string, std::string>> environment;
  std::size_t log_bytes_max = 16 * 1024 * 1024;

  /// Where progress and, with `foreground_logs`, the nodes' lines go.
  int terminal_fd = 2;
  bool foreground_logs = false;
  bool quiet = false;
  bool colour = false;

  /// SIGINT, SIGTERM, SIGHUP: the first stops the cluster, the next kills it.
  bool handle_signals = true;
  /// Called once the run directory is held, before the first spawn; what it
  /// fails with fails the start. For certificates: if it is there, those in
  /// the run directory are removed at the end. May be empty.
  std::function<result<void>(const run_paths&)> prepare;
  /// Every progress line, on the launcher's thread; may be empty.
  std::function<void(const progress&)> observer;
};

/// `launch_options` for the nodes of `cluster` that run on this machine, with
/// its limits, the default run directory and this program. Fails with
/// `invalid_argument` when none runs here, `not_found` when `file` is absent,
/// or `io` when the program's own path cannot be read.
result<launch_options>
make_launch_options(const config::cluster_options& cluster,
                    const std::string& file,
                    std::vector<std::string> overrides);

/// Runs the nodes of one cluster on this machine, with a thread of its own.
///
/// While it lives it listens on `run_paths::launcher_socket` (requests: see
/// control.hpp), holds the run directory, brings the nodes' output to their
/// logs, and tells the cluster supervisor on the first node about ends (see
/// supervisor_link.hpp). It decides nothing but the stop of everything when
/// the start fails or the first node ends.
class cluster_launcher {
public:
  explicit cluster_launcher(launch_options options);

  /// Kills what still runs and waits for it.
  ~cluster_launcher();
  cluster_launcher(const cluster_launcher&) = delete;
  cluster_launcher& operator=(const cluster_launcher&) = delete;

  /// Takes the run directory, spawns all and waits until all are ready. Fails
  /// as `run_directory::acquire` does, with `cancelled` when it was stopped
  /// or interrupted, with `timed_out` when a node was not ready in time, and
  /// with `unavailable` when one failed: the message then has further lines,
  /// the last ones of the node's log. After a failure no process is left. To
  /// be called once.
  result<void> start();

  /// Waits until the cluster has ended and all is cleaned up; success is an
  /// end by `request_stop` or `weft down`. Fails as `start` does. May be
  /// called from several threads.
  result<void> wait();

  /// Waits until the cluster stops or has ended, for whatever reason, at most
  /// `limit`; true when it does. Any thread.
  bool wait_until_ending(std::chrono::milliseconds limit);

  /// Stops the nodes in reverse order; does not wait. Any thread.
  void request_stop();

  /// As Ctrl-C: the first stops, the next kills. Any thread.
  void interrupt();

  const run_paths& paths() const;

private:
  class implementation;

  std::unique_ptr<implementation> implementation_;
};

} // namespace weft::launcher
