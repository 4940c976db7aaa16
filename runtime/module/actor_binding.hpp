#pragma once

#include "runtime/module/argument_list.hpp"
#include "runtime/module/callable.hpp"
#include "runtime/module/context.hpp"
#include "runtime/module/hosted_actor.hpp"
#include "runtime/module/type_registry.hpp"

#include <fmt/format.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// From a user's function or class to an `actor_type`.
namespace weft::modules {

/// All mistakes of one start as a failure, one a line.
failure wrong_arguments(std::string_view type, const problems& found);

/// Fills `check` and `spawn` of a type; `start` gets the system, the
/// context, the listener and then the converted arguments.
template <class... Ts, class Start>
actor_type make_actor_type(std::string name,
                           std::vector<parameter_info> parameters,
                           type_pack<Ts...>, Start start) {
  actor_type type;
  type.name = name;
  type.parameters = parameters;
  type.check = [parameters](const config::arguments& given) {
    problems found;
    convert_arguments<Ts...>(parameters, given, found);
    return found;
  };
  type.spawn = [name, parameters, start](
                   caf::actor_system& system, const context& where,
                   const config::arguments& given,
                   start_listener started) -> result<caf::strong_actor_ptr> {
    problems found;
    auto values = convert_arguments<Ts...>(parameters, given, found);
    if (!values)
      return tl::unexpected(wrong_arguments(name, found));
    auto actor = start(system, where, std::move(started), std::move(*values));
    if (!actor)
      actor.error().message.insert(0, name + ": ");
    return actor;
  };
  return type;
}

/// Calls a user's function with self, context and arguments as it wants them.
template <class Parameters, class F, class Impl, class... Ts>
decltype(auto) call_body(F& body, [[maybe_unused]] Impl* self,
                         [[maybe_unused]] const context& where,
                         std::tuple<Ts...>& values) {
  return std::apply(
      [&](Ts&... arguments) -> decltype(auto) {
        if constexpr (Parameters::has_self && Parameters::has_context)
          return body(self, where, std::move(arguments)...);
        else if constexpr (Parameters::has_self)
          return body(self, std::move(arguments)...);
        else if constexpr (Parameters::has_context)
          return body(where, std::move(arguments)...);
        else
          return body(std::move(arguments)...);
      },
      values);
}

/// The actor class for a function that takes `Self*` (void: none) and returns
/// `Returned`.
template <class Self, class Returned>
struct actor_class {
  static_assert(
      std::is_void_v<Returned> || std::is_same_v<Returned, caf::behavior>,
      "an actor's function returns caf::behavior, the "
      "behavior_type of its typed handle, or nothing");
  static_assert(std::is_same_v<typename Self::behavior_type, caf::behavior>,
                "the function of a typed actor returns its handle's "
                "behavior_type");
  using type = Self;
};

template <class Returned>
struct actor_class<void, Returned> {
  static_assert(std::is_same_v<Returned, caf::behavior>,
                "an actor's function without a self pointer returns "
                "caf::behavior or the behavior_type of a typed handle");
  using type = caf::event_based_actor;
};

template <class Self, class... Sigs>
struct actor_class<Self, caf::typed_behavior<Sigs...>> {
  static_assert(
      std::is_base_of_v<caf::typed_event_based_actor<Sigs...>, Self>,
      "the self pointer is of another interface than the behaviour that the "
      "function returns");
  using type = Self;
};

template <class... Sigs>
struct actor_class<void, caf::typed_behavior<Sigs...>> {
  using type = caf::typed_event_based_actor<Sigs...>;
};

/// What a user's function says about its actor.
template <class F>
struct function_actor {
  using parameters = actor_parameters<typename callable<F>::parameters>;
  using returned = typename callable<F>::result;
  using impl = typename actor_class<typename parameters::self, returned>::type;
  static_assert(interface_is_wire_safe<impl>(),
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
};

/// A type whose actors run `body`.
template <class F>
actor_type bind_function(std::string name, F body,
                         std::vector<parameter_info> parameters) {
  using traits = function_actor<F>;
  using impl = typename traits::impl;
  auto start = [body](caf::actor_system& system, const context& where,
                      start_listener started, auto values) {
    auto run = [body, where, values = std::move(values)](
                   caf::local_actor* self) mutable -> caf::behavior {
      using wanted = typename traits::parameters;
      auto* own = static_cast<impl*>(self);
      if constexpr (std::is_void_v<typename traits::returned>) {
        call_body<wanted>(body, own, where, values);
        return {};
      } else {
        return std::move(call_body<wanted>(body, own, where, values).unbox());
      }
    };
    return host<impl>(system, std::move(started),
                      caf::actor_config::init_fun_type{std::move(run)});
  };
  return make_actor_type(std::move(name), std::move(parameters),
                         typename traits::parameters::types{},
                         std::move(start));
}

/// A type whose actors are objects of `Class`, constructed from
/// `(caf::actor_config&, Args...)`.
template <class Class, class... Args>
actor_type bind_class(std::string name,
                      std::vector<parameter_info> parameters) {
  static_assert(interface_is_wire_safe<Class>(),
                "a raw double or float in a message hangs CAF's serializer "
                "on infinity: use weft::real");
  using wanted = without_context<Args...>;
  auto start = [](caf::actor_system& system, const context& where,
                  start_listener started, auto values) {
    return std::apply(
        [&](auto&... arguments) {
          if constexpr (wanted::has_context)
            return host<Class>(system, std::move(started), {}, where,
                               std::move(arguments)...);
          else
            return host<Class>(system, std::move(started), {},
                               std::move(arguments)...);
        },
        values);
  };
  return make_actor_type(std::move(name), std::move(parameters),
                         typename wanted::types{}, std::move(start));
}

} // namespace weft::modules
