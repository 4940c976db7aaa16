#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/supervision/child_spec.hpp"
#include "runtime/supervision/messages.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace weft::supervision {

/// Another child of a simple_one_for_one supervisor. Without `start`, it is
/// started as the template says.
struct add_instance {
  start_function start = {};
};

} // namespace weft::supervision

// They carry functions and so stay in their process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::supervision::child_spec)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::supervision::add_instance)

namespace weft::supervision {

/// Starts, watches, restarts and stops its children. Commands to a supervisor
/// that is stopping fail with `cancelled`, those that wait behind too many
/// others with `exhausted`; an unknown child is `not_found`, with the nearest
/// spelling and what exists.
using supervisor_actor = typed_actor<
    // Answers with the number of children once all are started; fails with
    // `unavailable` when one did not start, after which the supervisor ends.
    std::uint64_t(await_ready),
    // Stops the child; answers whether it ran. A temporary child is deleted,
    // others are kept and can be restarted. Idempotent for those. Fails with
    // `unsupported` under simple_one_for_one.
    bool(terminate_child),
    // Stops one child of a simple_one_for_one and deletes it; false when it
    // had ended already.
    bool(terminate_instance),
    // Starts a child that does not run. `already_exists` when it runs,
    // `unavailable` while it is being restarted or when its start failed.
    child_started(restart_child),
    // Deletes a child that does not run; answers how many are left.
    // `already_exists` when it runs, `unavailable` while being restarted.
    std::uint64_t(delete_child),
    // The children in their order.
    std::vector<child_info>(list_children),
    // The tree with this supervisor as its root.
    tree_node(tree_request),
    // Kills the actor at a path below; answers with the path from the root.
    // `unavailable` when it does not run at the moment. A child of kind `node`
    // is asked, and may refuse.
    std::string(kill_child),
    // Stops children and supervisor; answers when only its own end is left.
    supervisor_stopped(stop_supervisor)>;

/// The same for its own process, which may also hand over functions.
using local_supervisor_actor = supervisor_actor::extend_with<typed_actor<
    // Adds a child as the last and answers when it is started.
    // `already_exists` when there is one of this id, `invalid_argument` for a
    // wrong specification, `unavailable` when its start failed, after which it
    // is not kept.
    child_started(child_spec),
    // The same for a simple_one_for_one supervisor.
    child_started(add_instance)>>;

struct supervisor_options {
  /// Its place in the tree, e.g. "n2/hello"; names joined by slashes.
  std::string path = {};
  supervisor_policy policy = {};
  /// Started in this order. With simple_one_for_one: the template alone.
  std::vector<child_spec> children = {};
  /// Called in the supervisor's context with what happens; must not block.
  std::function<void(const supervision_event&)> observer = {};
  /// Of the jitter of the back-off.
  std::uint64_t seed = 0;
};

/// Fails with `errc::invalid_argument` and what is wrong with the options.
result<void> check(const supervisor_options& options);

/// Starts a supervisor; its children are started after this returns, in
/// order. It ends with the reason `shutdown` (and a text): on
/// `stop_supervisor`, on an exit message, when it gives up, and when a
/// significant child ends. It also ends when nobody holds its handle any
/// more. If it is killed or throws, its children are told
/// to end as the last thing that it does.
///
/// Fails as `check` does and starts nothing then. Threads: any.
result<local_supervisor_actor> spawn_supervisor(caf::actor_system& system,
                                                supervisor_options options);

/// A supervisor as the child of another, with the last part of its path as
/// its id. Its start is done when all of its own children are started, and has
/// failed when they are not within `start_timeout`.
child_spec supervisor_child(supervisor_options options,
                            restart_kind restart = restart_kind::permanent,
                            duration start_timeout = std::chrono::seconds{30});

} // namespace weft::supervision
