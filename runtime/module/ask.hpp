#pragma once

#include "actors/registry/registry_actor.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"

#include <chrono>
#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace weft::modules {

/// Sends a request and waits for the answer in a blocking actor, at most for
/// `timeout`. An empty handle is `unavailable`.
template <class Reply, class Self, class Handle, class... Ts>
requires std::derived_from<Self, caf::blocking_actor> result<Reply>
ask(Self* self, const Handle& to, std::chrono::nanoseconds timeout,
    Ts&&... content) {
  if (!to)
    return fail(errc::unavailable, "the actor to ask cannot be reached now");
  result<Reply> answer = fail(errc::internal, "no answer");
  auto failed = [&](caf::error& why) {
    answer = tl::unexpected(from_caf(why));
  };
  auto pending = request(self, to, timeout, std::forward<Ts>(content)...);
  if constexpr (std::is_void_v<Reply>)
    pending.receive([&] { answer = {}; }, failed);
  else
    pending.receive([&](Reply& reply) { answer = std::move(reply); }, failed);
  return answer;
}

/// Sends a request from an event-based actor and calls `done(result<Reply>)`
/// in it, once; at once when the handle is empty.
template <class Reply, class Self, class Handle, class Done, class... Ts>
void ask_then(Self* self, const Handle& to, std::chrono::nanoseconds timeout,
              Done done, Ts&&... content) {
  if (!to) {
    done(result<Reply>{
        fail(errc::unavailable, "the actor to ask cannot be reached now")});
    return;
  }
  request(self, to, timeout, std::forward<Ts>(content)...)
      .then(
          [done](Reply& reply) mutable {
            done(result<Reply>{std::move(reply)});
          },
          [done](caf::error& why) mutable {
            done(result<Reply>{tl::unexpected(from_caf(why))});
          });
}

/// Puts what a failure is about before its message.
template <class T>
result<T> about(const std::string& what, result<T> answer) {
  if (!answer)
    answer.error().message.insert(0, what + ": ");
  return answer;
}

/// The typed handle of the actor that the registry names.
template <class Handle>
result<Handle> as_handle(result<actors::registration> answer) {
  return answer.map(
      [](auto& held) { return caf::actor_cast<Handle>(held.actor); });
}

template <class Handle>
result<Handle> as_handle(result<caf::strong_actor_ptr> answer) {
  return answer.map([](auto& held) { return caf::actor_cast<Handle>(held); });
}

} // namespace weft::modules
