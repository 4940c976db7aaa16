#pragma once

#include "runtime/base/result.hpp"
#include "runtime/launcher/launch_effects.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::launcher {

enum class node_state : std::uint8_t {
  /// Not started yet.
  idle,
  /// A process was asked for or runs, and has not reported ready.
  starting,
  /// The process reported that it is ready.
  ready,
  /// The process was told to end and has not ended yet.
  stopping,
  /// No process: it ended. While the cluster runs, its restart is up to the
  /// cluster supervisor.
  exited,
  /// No process: it could not be started, ended before it was ready, or its
  /// end brought the cluster down.
  failed,
};

enum class cluster_phase : std::uint8_t {
  idle,
  /// Until every node has been ready once.
  starting,
  running,
  stopping,
  finished
};

std::string_view to_string(node_state state) noexcept;
std::string_view to_string(cluster_phase phase) noexcept;

struct launch_limits {
  /// From the spawn of a process to its ready report.
  duration ready_timeout = std::chrono::seconds{30};
  /// From SIGTERM to SIGKILL, for each node.
  duration stop_timeout = std::chrono::seconds{10};
  /// The same, if that is less, for a node that was not ready yet.
  duration unready_stop_timeout = std::chrono::seconds{3};
  /// From SIGKILL until the process counts as lost to the kernel.
  duration kill_timeout = std::chrono::seconds{10};
  /// Longest delay that a restart request may ask for.
  duration restart_delay_max = std::chrono::hours{1};
  /// Processes that start at the same time; further ones wait in file order.
  std::size_t starting_max = 8;
};

/// The last end of a node's process, or its failed spawn (`pid` is 0).
struct last_exit {
  pid_t pid = 0;
  exit_status status;
  std::string reason;
  time_point at{};
};

/// What is known of one node, for status displays.
struct node_view {
  std::string name;
  node_state state = node_state::idle;
  /// 0: no process.
  pid_t pid = 0;
  /// Processes spawned beyond the first.
  std::uint32_t restarts = 0;
  std::optional<time_point> started;
  std::optional<time_point> ready;
  ready_report report;
  std::optional<last_exit> last;
};

struct restart_request {
  /// For people: why the supervisor wants it.
  std::string reason;
  /// Back-off that the supervisor asks for, from now.
  duration delay{0};
  /// The process that the new one takes the place of; 0: none is running.
  pid_t replaces = 0;
};

/// The launcher's whole behaviour as a state machine: events in, effects out,
/// time as an argument. It starts all nodes, a bounded number at once, in
/// order; reports deaths to the cluster supervisor on the first node and
/// restarts what that asks for; stops in reverse order. The end of the first
/// node ends the cluster. There is never a second process of a node before
/// the end of the first was reported.
///
/// Every event may leave effects, which the caller takes and carries out in
/// order; carrying one out may produce further events at once. Cost of an
/// event: O(nodes).
class launch_core {
public:
  /// `nodes` is not empty and has no duplicates; the first one carries the
  /// cluster supervisor.
  launch_core(std::string cluster, std::vector<std::string> nodes,
              launch_limits limits);

  void start(time_point now);
  void spawned(std::string_view node, pid_t pid, time_point now);
  void spawn_failed(std::string_view node, std::string reason, time_point now);

  /// Fails with `not_found` (no such node), `invalid_argument` (not the pid
  /// of the node's process) or `cancelled` (the node is being stopped).
  /// A repeated report changes nothing.
  result<void> ready(std::string_view node, ready_report report,
                     time_point now);

  /// A process ended and was waited for. Unknown pids are ignored.
  void exited(std::string_view node, pid_t pid, exit_status status,
              time_point now);

  /// The supervisor's decision to start a node's process anew.
  /// Without `replaces`: fails with `already_exists` while one runs. With it:
  /// that process, which does not respond, is killed first; if another one
  /// runs already, nothing is done. Asking again while a restart waits changes
  /// nothing. Fails with `not_found`, `invalid_argument` (the first node, a
  /// delay out of range) or `unavailable` (the cluster is not running).
  result<void> restart(std::string_view node, restart_request what,
                       time_point now);

  /// The supervisor has given up: stops all; the outcome is `failed`.
  void give_up(std::string reason, time_point now);

  /// Stops all; the outcome is `stopped`. Without effect when stopping.
  void stop(time_point now);

  /// Ctrl-C: the first stops all (`interrupted`), the next kills all.
  void interrupt(time_point now);

  /// To be called at or after `next_deadline`.
  void tick(time_point now);

  std::optional<time_point> next_deadline() const;

  /// The effects since the last call, in order.
  std::vector<effect> take_effects();

  cluster_phase phase() const noexcept { return phase_; }
  std::vector<node_view> nodes() const;

private:
  struct node_record;

  node_record* find(std::string_view name);
  bool is_first(const node_record& node) const;
  bool alive(const node_record& node) const;
  void admit(time_point now);
  void spawn(node_record& node, time_point now);
  void all_ready(time_point now);
  void node_ended(node_record& node, time_point now);
  void node_lost(node_record& node, time_point now);
  void deadline_passed(node_record& node, time_point now);
  duration stop_timeout(const node_record& node) const;
  void terminate(node_record& node, time_point now);
  void kill(node_record& node, time_point now);
  void begin_stop(outcome why, time_point now);
  void fail_cluster(const node_record* node, std::string reason, time_point now,
                    errc code = errc::unavailable);
  void advance_stop(time_point now);
  void say(const node_record* node, std::string text);

  struct node_record : node_view {
    /// A spawn effect is out and was not answered yet.
    bool spawning = false;
    /// To be spawned when there is room.
    bool waiting = false;
    /// To be spawned when the present process has ended.
    bool start_again = false;
    bool killed = false;
    std::uint32_t spawns = 0;
    std::optional<time_point> restart_at;
    /// Of the ready report, of the end after SIGTERM, or after SIGKILL.
    std::optional<time_point> deadline;
    /// Why the launcher itself ends the process.
    std::string why;
  };

  std::string cluster_;
  launch_limits limits_;
  std::vector<node_record> nodes_;
  cluster_phase phase_ = cluster_phase::idle;
  time_point began_{};
  time_point stop_began_{};
  outcome outcome_;
  bool kill_all_ = false;
  std::vector<effect> effects_;
};

} // namespace weft::launcher
