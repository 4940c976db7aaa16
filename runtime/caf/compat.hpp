#pragma once

#include "runtime/caf/wire_safe.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

/// What differs between CAF 0.17 and CAF 1.x for those who use actors: all of
/// weft declares messages, sends and requests through this header, and its
/// event-based actors watch others by it. Only the 0.17 side is filled in; a
/// port to 1.x replaces this file, and in its folder the scheduler with its
/// timers, the settings, and how atoms and errors are spelt.
namespace weft {

/// The version of CAF that this was compiled against, e.g. "0.17.6".
inline std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + '.'
         + std::to_string(CAF_MINOR_VERSION) + '.'
         + std::to_string(CAF_PATCH_VERSION);
}

/// The same as CAF writes it: 1706 is 0.17.6.
inline constexpr std::uint32_t caf_version_number = CAF_VERSION;

namespace detail {

template <class Signature>
struct clause;

template <class Result, class... Args>
struct clause<Result(Args...)> {
  static_assert(wire_safe<std::tuple<Result, Args...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  using type = typename caf::replies_to<Args...>::template with<Result>;
};

template <class... Args>
struct clause<void(Args...)> {
  static_assert(wire_safe<std::tuple<Args...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  using type = caf::reacts_to<Args...>;
};

} // namespace detail

/// The handle of an actor with a checked interface, one function signature a
/// clause: `typed_actor<std::string(greet_atom, std::string), void(reset)>`.
template <class... Signatures>
using typed_actor =
    caf::typed_actor<typename detail::clause<Signatures>::type...>;

/// The same interface with clauses of its own, which its users do not see.
template <class Actor, class... Signatures>
using extended_actor = typename Actor::template extend<
    typename detail::clause<Signatures>::type...>;

/// Lists the fields of a message type for CAF, as pairs of name and reference:
///
///     template <class Inspector>
///     auto inspect(Inspector& f, point& p) {
///       return weft::fields(f, p, "app::point", "x", p.x, "y", p.y);
///     }
///
/// The names go nowhere on 0.17, whose wire format is positional.
template <class Inspector, class Object, class... NamesAndFields>
typename Inspector::result_type fields(Inspector& inspector, Object&,
                                       const char* type_name,
                                       NamesAndFields&&... fields) {
  static_assert(wire_safe<std::tuple<std::remove_cvref_t<NamesAndFields>...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  auto all = std::forward_as_tuple(fields...);
  return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    return inspector(caf::meta::type_name(type_name),
                     std::get<2 * Index + 1>(all)...);
  }
  (std::make_index_sequence<sizeof...(NamesAndFields) / 2>{});
}

/// The state of a stateful actor.
template <class Self>
auto& state(Self* self) {
  return self->state;
}

/// Adds the message types of ID blocks to a system's configuration.
template <class... Blocks>
void add_types(caf::actor_system_config& config) {
  (config.template add_message_types<Blocks>(), ...);
}

/// How many actors have not ended, without hidden ones: those that the end of
/// the system waits for.
inline std::size_t running_actors(caf::actor_system& system) {
  return system.registry().running();
}

template <class Self, class Handle, class... Ts>
void send(Self* self, const Handle& to, Ts&&... content) {
  static_assert(wire_safe<std::tuple<std::remove_cvref_t<Ts>...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  self->send(to, std::forward<Ts>(content)...);
}

/// Sends without a sender (CAF's anon_send); safe from any thread.
template <class Handle, class... Ts>
void post(const Handle& to, Ts&&... content) {
  static_assert(wire_safe<std::tuple<std::remove_cvref_t<Ts>...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  caf::anon_send(to, std::forward<Ts>(content)...);
}

/// Puts a message in front of what waits at an actor already; `from` may be
/// empty. Safe from any thread.
inline void send_first(const caf::strong_actor_ptr& to,
                       const caf::strong_actor_ptr& from, caf::message what) {
  to->enqueue(from, caf::make_message_id(caf::message_priority::high),
              std::move(what), nullptr);
}

/// Sends after `delay` of the actor system's clock.
template <class Self, class Handle, class... Ts>
void delayed_send(Self* self, const Handle& to, std::chrono::nanoseconds delay,
                  Ts&&... content) {
  static_assert(wire_safe<std::tuple<std::remove_cvref_t<Ts>...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  self->delayed_send(to, delay, std::forward<Ts>(content)...);
}

namespace detail {

template <class Handler, class Arguments>
struct answered;

/// A handler of an answer that cancels the time-out first: CAF keeps that until
/// it is due, at a busy actor many thousands.
template <class Handler, class... Arguments>
struct answered<Handler, caf::detail::type_list<Arguments...>> {
  caf::local_actor* self;
  caf::message_id id;
  Handler handler;

  void operator()(Arguments... arguments) {
    self->clock().cancel_request_timeout(self, id);
    handler(std::forward<Arguments>(arguments)...);
  }
};

template <class Handler>
auto when_answered(caf::local_actor* self, caf::message_id id,
                   Handler handler) {
  using traits = typename caf::detail::get_callable_trait<Handler>::type;
  return answered<Handler, typename traits::arg_types>{self, id,
                                                       std::move(handler)};
}

} // namespace detail

/// An answer to come. Use one of its functions, once, in the actor that asked;
/// handlers as CAF has them: one for the answer, one for a `caf::error&`.
/// Without the latter an error goes to the actor's error handler, which ends
/// the actor with it unless it was set.
template <class Response>
class pending_answer {
public:
  explicit pending_answer(Response response) : response_{std::move(response)} {}

  template <class Handler>
  void then(Handler handler) {
    then(std::move(handler), to_error_handler());
  }
  template <class Handler, class OnError>
  void then(Handler handler, OnError on_error) {
    response_.then(answered(std::move(handler)), answered(std::move(on_error)));
  }

  /// The actor handles nothing else until the answer is there.
  template <class Handler>
  void await(Handler handler) {
    await(std::move(handler), to_error_handler());
  }
  template <class Handler, class OnError>
  void await(Handler handler, OnError on_error) {
    response_.await(answered(std::move(handler)),
                    answered(std::move(on_error)));
  }

  /// Waits in this thread.
  template <class Handler, class OnError>
  void receive(Handler handler, OnError on_error) {
    response_.receive(answered(std::move(handler)),
                      answered(std::move(on_error)));
  }

private:
  template <class Handler>
  auto answered(Handler handler) {
    return detail::when_answered(response_.self(), response_.id(),
                                 std::move(handler));
  }

  auto to_error_handler() {
    return [self = response_.self()](caf::error& why) {
      self->call_error_handler(why);
    };
  }

  Response response_;
};

/// A request that fails with `errc::timed_out` at the latest after `timeout`.
/// There is no form without a time-out: CAF leaves a request to a dying remote
/// actor unanswered for ever.
template <class Self, class Handle, class... Ts>
auto request(Self* self, const Handle& to, std::chrono::nanoseconds timeout,
             Ts&&... content) {
  static_assert(wire_safe<std::tuple<std::remove_cvref_t<Ts>...>>,
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  // CAF's clock counts milliseconds, and zero would mean "at once".
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  return pending_answer{
      self->request(to, caf::duration{rounded}, std::forward<Ts>(content)...)};
}

/// Has a blocking actor receive a `caf::down_msg` when `target` ends. Others
/// have `monitors`.
template <class Handle>
void watch_end(caf::blocking_actor* self, const Handle& target) {
  self->monitor(caf::actor_cast<caf::actor_addr>(target));
}

/// Callbacks for the end of other actors, since CAF 0.17 has one down handler
/// an actor. A member of the watching actor's state; not thread-safe. The
/// callback runs once, in the watching actor.
class monitors {
public:
  using callback = std::function<void(const caf::error& reason)>;

  /// Calls `ended` when `target` ends or its node is lost; at once (by a
  /// message) when it is gone already. Watching a target again replaces the
  /// callback.
  template <class Self, class Handle>
  void watch(Self* self, const Handle& target, callback ended) {
    self->set_down_handler([this](caf::down_msg& message) {
      auto found = callbacks_.find(message.source);
      if (found == callbacks_.end())
        return;
      auto run = std::move(found->second);
      callbacks_.erase(found);
      run(message.reason);
    });
    const auto address = caf::actor_cast<caf::actor_addr>(target);
    const bool known = callbacks_.count(address) > 0;
    callbacks_[address] = std::move(ended);
    if (!known)
      self->monitor(address);
  }

  /// Forgets `target`; its callback will not run.
  template <class Self, class Handle>
  void forget(Self* self, const Handle& target) {
    const auto address = caf::actor_cast<caf::actor_addr>(target);
    if (callbacks_.erase(address) > 0)
      self->demonitor(address);
  }

private:
  std::map<caf::actor_addr, callback> callbacks_;
};

} // namespace weft
