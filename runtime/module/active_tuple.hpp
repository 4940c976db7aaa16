#pragma once

#include "runtime/module/actor_binding.hpp"
#include "spaces/tuple.hpp"

#include <exception>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Linda's eval: functions whose result is written to a space as a tuple.
namespace weft::modules {

/// What a function of an active tuple may return.
template <class R>
inline constexpr bool is_passive_tuple =
    std::is_same_v<R,
                   spaces::tuple> || std::is_same_v<R, result<spaces::tuple>>;

/// The failure for what the function threw.
failure evaluation_threw(std::exception_ptr thrown);

/// Writes the result or, for a failure, ("eval failed", key, type, code,
/// message); while the space cannot be reached, again and again for a minute.
/// Throws what prevented it in the end.
void write_evaluated(const context& where, const active_tuple& of,
                     const result<spaces::tuple>& outcome);

/// Runs a user's function and writes what it returns.
template <class F, class Parameters, class... Ts>
struct evaluation {
  std::string type;
  F body;
  std::vector<parameter_info> parameters;

  void operator()(caf::blocking_actor* self, const context& where,
                  std::string space, std::string key,
                  nlohmann::json given) const {
    const config::arguments arguments{std::move(given), {}, "arguments"};
    const active_tuple of{type, {}, std::move(space), std::move(key), {}};
    write_evaluated(where, of, evaluate(self, where, arguments));
  }

  result<spaces::tuple> evaluate(caf::blocking_actor* self,
                                 const context& where,
                                 const config::arguments& arguments) const {
    problems found;
    auto values = convert_arguments<Ts...>(parameters, arguments, found);
    if (!values)
      return tl::unexpected(wrong_arguments(type, found));
    try {
      auto own = body;
      return call_body<Parameters>(own, self, where, *values);
    } catch (...) {
      return tl::unexpected(evaluation_threw(std::current_exception()));
    }
  }
};

template <class F, class... Ts>
actor_type bind_evaluation(std::string name, F body,
                           std::vector<parameter_info> parameters,
                           type_pack<Ts...>) {
  using traits = actor_parameters<typename callable<F>::parameters>;
  evaluation<F, traits, Ts...> run{name, std::move(body), parameters};
  auto type = bind_function(name, std::move(run),
                            {{"space", "text", std::nullopt},
                             {"key", "text", ""},
                             {"arguments", "JSON", nlohmann::json{}}});
  type.check = [outer = type.check,
                parameters](const config::arguments& given) {
    auto found = outer(given);
    if (!found.empty() || !given.value.is_object())
      return found;
    const config::arguments inner{
        given.value.value("arguments", nlohmann::json{}),
        {},
        given.path + ".arguments"};
    convert_arguments<Ts...>(parameters, inner, found);
    return found;
  };
  return type;
}

/// A type whose actors run `body`, each in a thread of its own.
template <class F>
actor_type bind_active(std::string name, F body,
                       std::vector<parameter_info> parameters) {
  using traits = actor_parameters<typename callable<F>::parameters>;
  static_assert(is_passive_tuple<typename callable<F>::result>,
                "the function of an active tuple returns weft::spaces::tuple "
                "or a weft::result of one");
  static_assert(
      !traits::has_self
          || std::is_same_v<typename traits::self, caf::blocking_actor>,
      "the function of an active tuple has a thread of its own: its "
      "self pointer, if it wants one, is caf::blocking_actor*");
  return bind_evaluation(std::move(name), std::move(body),
                         std::move(parameters), typename traits::types{});
}

} // namespace weft::modules
