#pragma once

#include "actors/space/space_doors.hpp"
#include "runtime/base/result.hpp"

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace weft::actors {

/// Answers on their way back into an actor; never leave the process.
struct answered {
  std::shared_ptr<std::vector<spaces::space_answer>> answers;
};

} // namespace weft::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::actors::answered)

namespace weft::actors {

using answers_handler = std::function<void(std::vector<spaces::space_answer>)>;

/// As `submit`, for an actor: `done` runs in it with the answers, in the order
/// of the calls. Keeps the actor alive meanwhile, as a request does. To be
/// called in the actor.
spaces::call_number submit_for(const space_doors& to,
                               caf::scheduled_actor* self,
                               std::vector<space_request> calls,
                               answers_handler done);

/// A coroutine that waits. One that never goes on, because its actor has
/// ended, is destroyed with this.
class suspended {
public:
  explicit suspended(std::coroutine_handle<> which) : which_{which} {}
  suspended(const suspended&) = delete;
  suspended& operator=(const suspended&) = delete;
  ~suspended() {
    if (which_)
      which_.destroy();
  }

  void resume() { std::exchange(which_, nullptr).resume(); }

private:
  std::coroutine_handle<> which_;
};

/// Waits in a coroutine of an actor for the answer that `Pending::then` will
/// give.
template <class Pending, class Answer>
struct answer_awaiter {
  Pending asked;
  std::optional<Answer> got;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    auto owned = std::make_shared<suspended>(waiting);
    std::move(asked).then([this, owned](Answer answer) {
      got = std::move(answer);
      owned->resume();
    });
  }
  Answer await_resume() { return *std::move(got); }
};

} // namespace weft::actors

namespace weft {

/// The return type of a coroutine in an actor:
///
///     weft::task work(weft::space jobs, caf::event_based_actor* self) {
///       auto job = co_await jobs.in(self).take(what, 5s);
///       ...
///     }
///
/// It runs until its first wait when it is called, and then in the actor, as
/// long as the actor lives. Parameters by value. An exception that leaves it
/// ends the actor like one of a handler.
struct task {
  struct promise_type {
    task get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const { throw; }
  };
};

} // namespace weft
