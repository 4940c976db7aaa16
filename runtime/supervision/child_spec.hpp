#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/supervision/policy.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace weft::supervision {

/// Reports the start of a child: its actor, or why there is none. A null
/// actor means that the start function chose not to start one (OTP's
/// `ignore`). To be called once, in the supervisor's own context: before the
/// start function returns, or from a `.then` of the supervisor.
using start_done = std::function<void(result<caf::strong_actor_ptr>)>;

/// Starts a child. Must not block; an exception is a failed start. Runs in
/// the supervisor's context and may request from other actors with
/// `weft::request(&supervisor, ...)`, with an error handler.
using start_function =
    std::function<void(caf::event_based_actor& supervisor, start_done done)>;

/// A child of a supervisor.
struct child_spec {
  /// Unique below its supervisor; a name (`is_name`).
  std::string id = {};
  start_function start = {};
  restart_kind restart = restart_kind::permanent;
  /// Absent: 5 s for a worker, without limit for a supervisor or node.
  std::optional<shutdown_policy> shutdown = {};
  child_kind kind = child_kind::worker;
  bool significant = false;
  duration start_timeout = std::chrono::seconds{30};
};

/// What of the specification the policy decides by.
child_policy policy_of(const child_spec& spec);

/// A start function for children that are there at once.
start_function
start_now(std::function<caf::strong_actor_ptr(caf::event_based_actor&)> start);

/// Makes an actor's exit reason after an exception carry the exception's text,
/// so that its supervisor can say "it threw: no fuel".
template <class Self>
void explain_exceptions(Self* self) {
  self->set_exception_handler(
      [](std::exception_ptr& thrown) { return describe_exception(thrown); });
}

namespace detail {

/// A function-based actor whose exceptions end up in its exit reason.
template <class Result, class Self, class... Arguments, class Function>
auto explained(Function function, Result (*)(Self*, Arguments...)) {
  return [function](Self* self, Arguments... arguments) -> Result {
    explain_exceptions(self);
    return function(self, std::forward<Arguments>(arguments)...);
  };
}

template <class Function>
struct as_pointer;

template <class Result, class... Arguments>
struct as_pointer<Result (*)(Arguments...)> {
  using type = Result (*)(Arguments...);
};

template <class Class, class Result, class... Arguments>
struct as_pointer<Result (Class::*)(Arguments...) const> {
  using type = Result (*)(Arguments...);
};

template <class Function>
auto call_type(const Function&) {
  if constexpr (std::is_pointer_v<Function>)
    return static_cast<typename as_pointer<Function>::type>(nullptr);
  else
    return static_cast<
        typename as_pointer<decltype(&Function::operator())>::type>(nullptr);
}

} // namespace detail

/// A start function that spawns a function-based actor, e.g.
/// `spawning(greeter, std::string{"ada"})` for
/// `behavior greeter(event_based_actor* self, std::string name)`. The function
/// takes the actor first; exceptions in its handlers end up in its exit
/// reason. Each start gets its own copy of the arguments.
template <class Function, class... Arguments>
start_function spawning(Function function, Arguments... arguments) {
  auto body = detail::explained(function, detail::call_type(function));
  return start_now([=](caf::event_based_actor& supervisor) {
    return caf::actor_cast<caf::strong_actor_ptr>(
        supervisor.spawn(body, arguments...));
  });
}

} // namespace weft::supervision
