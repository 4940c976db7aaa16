#pragma once

#include "config/arguments.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/module/job.hpp"
#include "runtime/module/type_registry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace weft::modules {

struct await_job {
  friend bool operator==(const await_job&, const await_job&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, await_job& x) {
  return fields(f, x, "weft::await_job");
}

struct cancel_job {
  /// For the message of the failure: "an operator stopped it".
  std::string reason;

  friend bool operator==(const cancel_job&, const cancel_job&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, cancel_job& x) {
  return fields(f, x, "weft::cancel_job", "reason", x.reason);
}

struct query_job {
  friend bool operator==(const query_job&, const query_job&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, query_job& x) {
  return fields(f, x, "weft::query_job");
}

struct job_status {
  bool running = true;
  std::uint64_t done = 0;
  /// 0: unknown.
  std::uint64_t total = 0;
  std::string text;

  friend bool operator==(const job_status&, const job_status&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, job_status& x) {
  return fields(f, x, "weft::job_status", "running", x.running, "done", x.done,
                "total", x.total, "text", x.text);
}

/// How a job ended; from the job's thread to its actor.
struct job_outcome {
  /// `errc` of the failure; 0: it succeeded.
  std::uint8_t code = 0;
  /// The result as JSON text, or the failure's message.
  std::string text;

  friend bool operator==(const job_outcome&, const job_outcome&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, job_outcome& x) {
  return fields(f, x, "weft::job_outcome", "code", x.code, "text", x.text);
}

/// Watches over one running job and keeps its outcome until the last handle
/// to it is dropped.
using job_actor = typed_actor<
    // The job's result as JSON text once it has ended, to any number of
    // callers up to `waiters_max` (`exhausted` beyond); else its failure:
    // `timed_out`, `cancelled`, or the job's own. Idempotent.
    std::string(await_job),
    // True when it was running and its callers are answered with `cancelled`
    // now. The job's thread ends when it notices. Idempotent.
    bool(cancel_job),
    // How far it is. Idempotent.
    job_status(query_job),
    // From the job's thread only; others can forge an outcome, which is why
    // the handle stays on its node.
    void(job_outcome)>;

struct job_spawn_options {
  /// The job fails with `timed_out` when it runs longer.
  std::chrono::nanoseconds timeout = std::chrono::hours{1};
  /// Called in the job's thread; must not wait.
  std::function<void(const job_progress&)> on_progress;
  std::size_t waiters_max = 1'000;
};

/// Checks the arguments and runs the job in a thread of its own on this node.
/// A result that is an object gets the member "granularity", another one
/// becomes {"value": ..., "granularity": ...}. Fails with `invalid_argument`
/// for wrong arguments. `type` is copied.
result<job_actor> spawn_job(caf::actor_system& system, const job_type& type,
                            config::arguments arguments, context where,
                            job_spawn_options options = {});

/// The answer to `await_job` as JSON.
result<nlohmann::json> parse_outcome(const result<std::string>& answer);

} // namespace weft::modules
