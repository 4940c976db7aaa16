#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/module/ask.hpp"
#include "runtime/module/context.hpp"
#include "runtime/module/granularity.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

namespace weft {

/// How far a job is.
struct job_progress {
  std::uint64_t done = 0;
  /// 0: unknown.
  std::uint64_t total = 0;
  std::string text;

  friend bool operator==(const job_progress&, const job_progress&) = default;
};

/// What a job and the actor that watches over it share. Thread-safe.
class job_control {
public:
  /// `on_progress` is called in the job's thread; it must not wait.
  explicit job_control(
      std::function<void(const job_progress&)> on_progress = {});

  void cancel();
  bool cancelled() const;
  /// Waits for `time` or until it is cancelled; false if so.
  bool pause(std::chrono::nanoseconds time) const;
  void set_progress(job_progress now);
  job_progress progress() const;

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool cancelled_ = false;
  job_progress progress_;
  std::function<void(const job_progress&)> on_progress_;
};

/// Ends a job with a failure from anywhere below its function.
class job_failed : public std::exception {
public:
  explicit job_failed(failure why) : why_{std::move(why)} {}

  const char* what() const noexcept override { return why_.message.c_str(); }
  const failure& why() const noexcept { return why_; }

private:
  failure why_;
};

/// What a job's function works with. Belongs to the job's thread, which is a
/// blocking actor's, so that waiting in it stops nobody else. Everything that
/// waits has a time-out and fails with `cancelled` once the job is cancelled
/// (noticed between two waits).
class job {
public:
  using duration = std::chrono::nanoseconds;

  job(caf::blocking_actor* self, weft::context where,
      std::shared_ptr<job_control> control);

  caf::blocking_actor* self() { return self_; }
  const weft::context& context() const { return context_; }

  /// True when nobody waits for the result any more: return soon.
  bool cancelled() const { return control_->cancelled(); }

  /// The value, or else the job ends here with this failure as its result.
  template <class T>
  T require(result<T> from) {
    if (!from)
      throw job_failed{std::move(from.error())};
    if constexpr (!std::is_void_v<T>)
      return std::move(*from);
  }

  /// Tells whoever watches; `total` 0 is unknown.
  void progress(std::uint64_t done, std::uint64_t total, std::string text);

  /// Waits; false when the job was cancelled meanwhile.
  bool pause(duration time);

  /// Who holds a name, and on which node, see `context::look_up`.
  result<actors::registration>
  look_up(const std::string& name,
          duration timeout = weft::context::default_timeout);

  /// The actor that holds a name, see `context::find`.
  template <class Handle>
  result<Handle> find(const std::string& name,
                      duration timeout = weft::context::default_timeout) {
    return waiting<Handle>(
        [&] { return context_.find<Handle>(self_, name, timeout); });
  }

  /// The next actor to hold a name, see `context::wait_for`.
  template <class Handle>
  result<Handle> wait_for(const std::string& name, duration timeout,
                          const Handle& predecessor = {}) {
    for (auto left = timeout;; left -= wait_slice) {
      auto found = waiting<Handle>([&] {
        return context_.wait_for<Handle>(
            self_, name, std::min(left, wait_slice), predecessor);
      });
      const bool again =
          !found && found.error().code == errc::timed_out && left > wait_slice;
      if (!again)
        return found;
    }
  }

  /// Sends a request and waits for its answer of type `Reply` (or void). A
  /// request to a lost node or a dying actor is answered by the time-out
  /// alone, so choose one that the job can afford to wait.
  template <class Reply, class Handle, class... Ts>
  result<Reply> ask(const Handle& to, duration timeout, Ts&&... content) {
    return waiting<Reply>([&] {
      return modules::ask<Reply>(self_, to, timeout,
                                 std::forward<Ts>(content)...);
    });
  }

  /// Starts an actor on a node, see `context::spawn_on`.
  result<actors::spawned>
  spawn_on(const std::string& node, actors::spawn_request what,
           duration timeout = weft::context::default_timeout);

  /// Runs `work` and counts its time as the job's own work.
  template <class Work>
  decltype(auto) compute(Work&& work) {
    const phase_guard guard{*this, job_phase::compute};
    return std::forward<Work>(work)();
  }

  /// Runs `work` and counts its time as coordination; `ask`, `find`,
  /// `wait_for`, `spawn_on` and `pause` count so by themselves.
  template <class Work>
  decltype(auto) coordinate(Work&& work) {
    const phase_guard guard{*this, job_phase::coordinate};
    return std::forward<Work>(work)();
  }

  /// See `granularity_meter::report`.
  nlohmann::json granularity() const;

private:
  /// How long a cancelled job goes on waiting for a name at most.
  static constexpr duration wait_slice = std::chrono::milliseconds{500};

  class phase_guard {
  public:
    phase_guard(job& of, job_phase phase);
    ~phase_guard();
    phase_guard(const phase_guard&) = delete;
    phase_guard& operator=(const phase_guard&) = delete;

  private:
    job& job_;
    job_phase outer_;
  };

  template <class T, class Wait>
  result<T> waiting(Wait wait) {
    if (cancelled())
      return fail(errc::cancelled, "the job was cancelled");
    return coordinate(std::move(wait));
  }

  caf::blocking_actor* self_;
  weft::context context_;
  std::shared_ptr<job_control> control_;
  granularity_meter meter_;
};

} // namespace weft
