#pragma once

#include "runtime/base/result.hpp"
#include "runtime/http/message.hpp"
#include "runtime/launcher/launch_core.hpp"
#include "runtime/launcher/run_paths.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// What is said to a running launcher, on `run_paths::launcher_socket`: the
/// requests as values, to be sent with `http::call` or an
/// `http::async_client`, and the answers' form.
namespace weft::launcher {

/// POST /ready?node=: a node is ready. 200 {}; 404, 400, 499 as
/// `launch_core::ready` fails.
http::request ready_request(std::string_view node, const ready_report& report);

/// POST /start?node=&reason=&delay=&replaces=: the cluster supervisor wants a
/// process of the node. 200 with the node's status object; 404, 400, 409, 503
/// as `launch_core::restart` fails.
http::request start_request(std::string_view node, const restart_request& what);

/// POST /give-up?reason=: the cluster supervisor has given up. 202 {}.
http::request give_up_request(std::string_view reason);

/// POST /stop: end the cluster. 202 with the status object, at once.
http::request stop_request();

/// GET /status: 200 {cluster, file, run_dir, launcher, started, phase, nodes:
/// [{name, state, pid, restarts, started, ready, listen, http, incarnation,
/// last_exit: {pid, status, reason, at}}]}; times are ISO 8601 UTC, what is
/// not known is null.
http::request status_request();

/// Parses the body of a ready request. Fails with `invalid_argument`.
result<ready_report> parse_ready_report(std::string_view body);

/// Asks the launcher of `paths` for its status, on the calling thread. Fails
/// with `unavailable`, `timed_out` or `internal` (not a launcher's answer).
result<nlohmann::json> cluster_status(const run_paths& paths,
                                      std::chrono::milliseconds timeout);

/// Tells the launcher of `paths` to stop and waits until it has let go of the
/// run directory, on the calling thread. Fails with `unavailable` (none runs)
/// or `timed_out`.
result<void> stop_cluster(const run_paths& paths,
                          std::chrono::milliseconds timeout);

} // namespace weft::launcher
