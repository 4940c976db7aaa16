#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/module/argument_containers.hpp"

#include <tuple>
#include <type_traits>

namespace weft {

class context;
class job;

} // namespace weft

/// What the types of a user's function say: its self pointer, whether it wants
/// the context, and which parameters come from the cluster file.
namespace weft::modules {

template <class... Ts>
struct type_pack {};

template <class F>
struct callable : callable<decltype(&F::operator())> {};

template <class R, class... Args>
struct callable<R(Args...)> {
  using result = R;
  using parameters = type_pack<Args...>;
};

template <class R, class... Args>
struct callable<R (*)(Args...)> : callable<R(Args...)> {};
template <class R, class... Args>
struct callable<R (*)(Args...) noexcept> : callable<R(Args...)> {};
template <class R, class C, class... Args>
struct callable<R (C::*)(Args...)> : callable<R(Args...)> {};
template <class R, class C, class... Args>
struct callable<R (C::*)(Args...) const> : callable<R(Args...)> {};
template <class R, class C, class... Args>
struct callable<R (C::*)(Args...) noexcept> : callable<R(Args...)> {};
template <class R, class C, class... Args>
struct callable<R (C::*)(Args...) const noexcept> : callable<R(Args...)> {};

template <class T>
concept is_context = std::is_same_v<std::remove_cvref_t<T>, weft::context>;

template <class T>
concept is_self =
    std::is_pointer_v<T> && std::is_base_of_v<caf::local_actor,
                                              std::remove_pointer_t<T>>;

/// The parameters that come from the cluster file, decayed.
template <class... Args>
struct file_parameters {
  static_assert((argument_type<std::decay_t<Args>> && ...),
                "a parameter of this actor or job cannot be given in a "
                "cluster file: use bool, integers, double, std::string, "
                "std::chrono durations, std::vector, std::map<std::string, T>, "
                "std::optional, nlohmann::json, or a struct with "
                "NLOHMANN_DEFINE_TYPE");
  using types = type_pack<std::decay_t<Args>...>;
};

template <class... Args>
struct without_context : file_parameters<Args...> {
  static constexpr bool has_context = false;
};

template <class First, class... Rest>
requires is_context<First>
struct without_context<First, Rest...> : file_parameters<Rest...> {
  static constexpr bool has_context = true;
};

template <class Pack>
struct actor_parameters;

template <class... Args>
struct actor_parameters<type_pack<Args...>> : without_context<Args...> {
  static constexpr bool has_self = false;
  using self = void;
};

template <class Self, class... Args>
requires is_self<Self>
struct actor_parameters<type_pack<Self, Args...>> : without_context<Args...> {
  static constexpr bool has_self = true;
  using self = std::remove_pointer_t<Self>;
};

template <class Pack>
struct job_parameters {
  static_assert(!std::is_same_v<Pack, Pack>,
                "the first parameter of a job is weft::job&");
};

template <class... Args>
struct job_parameters<type_pack<weft::job&, Args...>>
    : file_parameters<Args...> {};

/// True unless a typed handle's messages carry a raw double or float. An
/// untyped handle has no list of messages to check; what is sent to it is
/// checked where it is sent, by `weft::send` and its siblings, and structs by
/// `weft::fields`.
template <class Handle>
constexpr bool interface_is_wire_safe() {
  if constexpr (requires { typename Handle::signatures; })
    return wire_safe<typename Handle::signatures>;
  else
    return true;
}

} // namespace weft::modules
