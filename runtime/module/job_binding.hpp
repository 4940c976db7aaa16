#pragma once

#include "runtime/module/actor_binding.hpp"
#include "runtime/module/argument_list.hpp"
#include "runtime/module/callable.hpp"
#include "runtime/module/job.hpp"
#include "runtime/module/type_registry.hpp"

#include <concepts>
#include <exception>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// From a user's function to a `job_type`.
namespace weft::modules {

/// The failure for what the job's function threw.
failure job_threw(std::string_view name, std::exception_ptr thrown);

template <class T>
result<nlohmann::json> to_job_result(T returned) {
  static_assert(std::convertible_to<T, nlohmann::json>,
                "a job returns weft::result<nlohmann::json>, a value that "
                "converts to JSON, a weft::result of one, or nothing");
  return nlohmann::json(std::move(returned));
}

template <class T>
result<nlohmann::json> to_job_result(result<T> returned) {
  if (!returned)
    return pass_on(returned);
  if constexpr (std::is_void_v<T>)
    return nlohmann::json{};
  else
    return to_job_result(std::move(*returned));
}

template <class F, class... Ts>
job_type bind_job_types(std::string name, F body,
                        std::vector<parameter_info> parameters,
                        type_pack<Ts...>) {
  job_type type;
  type.name = name;
  type.parameters = parameters;
  type.check = [parameters](const config::arguments& given) {
    problems found;
    convert_arguments<Ts...>(parameters, given, found);
    return found;
  };
  type.run = [name, parameters,
              body](job& in,
                    const config::arguments& given) -> result<nlohmann::json> {
    problems found;
    auto values = convert_arguments<Ts...>(parameters, given, found);
    if (!values)
      return tl::unexpected(wrong_arguments(name, found));
    auto call = [&](Ts&... arguments) {
      return body(in, std::move(arguments)...);
    };
    using returned = typename callable<F>::result;
    try {
      if constexpr (std::is_void_v<returned>) {
        std::apply(call, *values);
        return nlohmann::json{};
      } else {
        return to_job_result(std::apply(call, *values));
      }
    } catch (const job_failed& failed) {
      return tl::unexpected(failed.why());
    } catch (...) {
      return tl::unexpected(job_threw(name, std::current_exception()));
    }
  };
  return type;
}

template <class F>
job_type bind_job(std::string name, F body,
                  std::vector<parameter_info> parameters) {
  using types =
      typename job_parameters<typename callable<F>::parameters>::types;
  return bind_job_types(std::move(name), std::move(body), std::move(parameters),
                        types{});
}

} // namespace weft::modules
