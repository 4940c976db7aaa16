#pragma once

#include "runtime/supervision/policy.hpp"
#include "runtime/supervision/restart_policy_effects.hpp"
#include "runtime/supervision/restart_window_core.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft::supervision {

/// The decisions of a supervisor: Erlang/OTP 25's `supervisor`, plus back-off,
/// starts and stops that take time, and children that cannot be killed.
///
/// Events go in as calls with the time, effects come out of `next_effect`, in
/// the order in which they are to be carried out. Calls may come while effects
/// are being carried out, e.g. `started` from within `effect::start`. Timers
/// are one deadline: call `advance` when it has come.
///
/// Operations that touch one child run side by side with one_for_one and
/// simple_one_for_one. While all children are started, while a group is
/// restarted, and with one_for_all and rest_for_one during any operation,
/// commands and ends wait for their turn in the order of their arrival. A
/// request to shut down waits for nothing.
///
/// Cost of an event: O(log children), plus what a strategy restarts.
/// Not thread-safe.
class restart_policy_core {
public:
  /// What becomes of an actor whose start is reported.
  enum class verdict {
    /// It is this child's incarnation now.
    accepted,
    /// It was reported before; nothing to do.
    repeated,
    /// Nobody waits for it any more; it must be ended.
    unwanted,
  };

  /// `path` names the supervisor in messages; `seed` is that of the jitter.
  restart_policy_core(std::string path, supervisor_policy policy,
                      std::uint64_t seed);

  /// Begins with these children in this order; with simple_one_for_one, with
  /// the one template. Returns their keys (none for a template). Fails with
  /// `errc::invalid_argument` and starts nothing. Once; commands that come
  /// before it wait.
  result<std::vector<child_key>> start_up(std::vector<child_policy> children,
                                          time_point now);

  /// Adds and starts a child as the last one. The reply fails with
  /// `already_exists` (running or not), `invalid_argument`, or the failure of
  /// the start, after which the child is not kept.
  void add(ticket by, child_policy child, time_point now);

  /// Starts another child from the template of a simple_one_for_one.
  void add_instance(ticket by, time_point now);

  /// Stops a child. Temporary ones are deleted, others kept as stopped.
  void terminate(ticket by, const std::string& id, time_point now);

  /// Stops an instance of a simple_one_for_one and deletes it.
  void terminate_instance(ticket by, child_key child, time_point now);

  /// Starts a stopped child.
  void restart(ticket by, const std::string& id, time_point now);

  /// Deletes a stopped child.
  void remove(ticket by, const std::string& id, time_point now);

  /// The child's actor is up.
  verdict started(child_key child, generation which, time_point now);

  /// There is no actor: `problem` says why, or is absent when the start
  /// function chose not to start one (OTP's `ignore`).
  void not_started(child_key child, generation which,
                   std::optional<std::string> problem, time_point now);

  /// The incarnation has ended.
  void ended(child_key child, generation which, end_kind kind,
             std::string reason, time_point now);

  /// The time has come to `now`: carries out what is due.
  void advance(time_point now);

  /// Stops the children in reverse order, then finishes. Repeating it changes
  /// nothing.
  void shut_down(time_point now);

  /// When `advance` is to be called at the latest.
  std::optional<time_point> next_deadline() const;

  std::optional<any_effect> next_effect();

  /// The child of this id, for simple_one_for_one of this derived id.
  std::optional<child_key> find(const std::string& id) const;

  /// The text for an id that `find` does not know: nearest spelling and what
  /// exists. Looks at the first 1,000 children only.
  std::string unknown_child(const std::string& id) const;

  std::optional<child_view> view(child_key child, time_point now) const;

  /// The first `limit` children in their order.
  std::vector<child_view> views(std::size_t limit, time_point now) const;

  std::size_t size() const { return children_.size(); }
  const std::string& path() const { return path_; }
  bool simple() const;

private:
  enum class phase : std::uint8_t {
    stopped,
    starting,
    running,
    /// Ended; the end waits for its turn.
    ended,
    stopping,
    restarting,
  };

  /// What a start or stop in progress is for.
  enum class purpose : std::uint8_t { none, add, restart, policy, sequence };

  struct child {
    std::shared_ptr<const child_policy> policy;
    std::string last_reason;
    time_point since{};
    std::optional<time_point> deadline;
    generation current = 0;
    ticket asked_by = 0;
    std::uint32_t restarts = 0;
    /// Restarts in a row, for the back-off.
    std::uint32_t attempts = 0;
    supervision::end_kind end = end_kind::normal;
    restart_policy_core::phase phase = phase::stopped;
    purpose why = purpose::none;
    /// Stopping: the kill was sent. Restarting: the restart is counted.
    bool killed = false;
    bool counted = false;
    /// Stopping before the start was reported.
    bool start_open = false;
  };

  using child_map = std::map<child_key, child>;
  using child_ref = child_map::iterator;

  /// Something that waits for its turn.
  struct pending {
    enum class what : std::uint8_t {
      add,
      add_instance,
      terminate,
      terminate_instance,
      restart,
      remove,
      end,
      retry,
    };
    what kind;
    ticket by = 0;
    std::string id;
    child_key key = 0;
    generation which = 0;
    std::shared_ptr<const child_policy> policy;
  };

  /// Stops children from the last down to `from`, then starts them upwards.
  struct sequence {
    bool stopping = true;
    child_key from = 0;
    /// Stopping: all at or above are done. Starting: all below.
    child_key cursor = ~child_key{0};
    child_key cause = 0;
    duration delay = duration::zero();
  };

  enum class mode : std::uint8_t { starting_up, serving, stopping, finished };

  bool grouped() const;
  bool busy(const child& one) const;
  bool blocked(const pending& what) const;
  bool is_current(const effect::start& what) const;
  bool in_start_sequence(const child& one) const;
  std::string id_of(child_key key, const child& one) const;
  std::string called(child_ref one) const;

  void submit(pending what, time_point now);
  void execute(pending& what, time_point now);
  void execute_add(pending& what, time_point now);
  void execute_terminate(ticket by, child_ref one, time_point now);
  void execute_restart(ticket by, child_ref one, time_point now);
  void execute_remove(ticket by, child_ref one);
  void refuse(ticket by, errc code, std::string message);
  void resume(time_point now);
  void run_deferred(time_point now);

  void handle_end(child_ref one, time_point now);
  void restart_child(child_ref one, bool counted, time_point now);
  void perform_restart(child_ref one, time_point now);
  void wait_for_retry(child_ref one, duration delay, bool counted,
                      time_point now);
  void give_up(child_ref one, time_point now);
  void begin_shutdown(std::string why, time_point now);
  void finish();

  child_ref insert(std::shared_ptr<const child_policy> policy);
  void begin_start(child_ref one, purpose why, time_point now);
  void start_done(child_ref one, time_point now);
  void start_failed(child_ref one, std::string problem, time_point now);
  void start_ignored(child_ref one);
  /// False: there is nothing to wait for; the child has ended.
  bool begin_stop(child_ref one, purpose why, time_point now);
  void stop_done(child_ref one);
  void abandon(child_ref one, std::string reason);
  /// Keeps the child as stopped, or deletes it when it is temporary.
  void settle(child_ref one);
  void erase(child_ref one);

  void step_sequence(time_point now);
  bool step_stop(time_point now);
  bool step_start(time_point now);
  void stop_all_instances(time_point now);

  void enter(child& one, phase next);
  void set_deadline(child_ref one, std::optional<time_point> when);
  void on_deadline(child_ref one, time_point now);
  void report(event_kind kind, child_ref one, std::string reason);

  std::string path_;
  supervisor_policy policy_;
  std::mt19937_64 generator_;
  restart_window window_;
  mode mode_ = mode::starting_up;
  std::string finish_why_;
  bool was_ready_ = false;
  child_map children_;
  child_key next_key_ = 1;
  std::unordered_map<std::string, child_key> ids_;
  std::shared_ptr<const child_policy> template_;
  std::optional<sequence> sequence_;
  std::deque<pending> deferred_;
  std::size_t deferred_commands_ = 0;
  std::set<std::pair<time_point, child_key>> deadlines_;
  std::deque<any_effect> effects_;
  std::size_t busy_ = 0;
  std::size_t significant_active_ = 0;
};

} // namespace weft::supervision
