#pragma once

#include "runtime/module/abi.hpp"
#include "runtime/module/active_tuple.hpp"
#include "runtime/module/actor_binding.hpp"
#include "runtime/module/job_binding.hpp"
#include "runtime/module/parameter.hpp"
#include "runtime/module/type_registry.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft {

/// What the body of a WEFT_MODULE calls `module`: registers the module's actor
/// types, jobs and message types. Mistakes (bad or repeated names, parameters
/// that do not fit the function) are collected and fail the load as one.
class module_registration {
public:
  explicit module_registration(std::string name);

  /// Registers a function as "MODULE.name". Its parameters are, in this order:
  /// the self pointer (may be missing), `weft::context` (may be missing), then
  /// those that the cluster file's `args:` give, which `parameters` names.
  template <class F, std::same_as<parameter>... Parameters>
  requires(!std::same_as<F, parameter>) void actor(std::string_view name,
                                                   F body,
                                                   Parameters... parameters) {
    using traits = modules::function_actor<F>;
    add_actor(modules::bind_function(
        qualified(name), std::move(body),
        described(name, typename traits::parameters::types{},
                  {std::move(parameters)...})));
  }

  /// Registers a class as "MODULE.name" whose constructor takes
  /// `(caf::actor_config&, Args...)`; the first of `Args` may be
  /// `weft::context`, the others come from the cluster file:
  /// `module.actor<counter, int>("counter", weft::parameter("start"))`.
  template <class Class, class... Args, std::same_as<parameter>... Parameters>
  requires std::derived_from<Class, caf::local_actor>
  void actor(std::string_view name, Parameters... parameters) {
    static_assert(
        std::constructible_from<Class, caf::actor_config&, Args...>,
        "the class has no constructor (caf::actor_config&, Args...); name the "
        "types of its further parameters: module.actor<my_class, int>(...)");
    add_actor(modules::bind_class<Class, Args...>(
        qualified(name),
        described(name, typename modules::without_context<Args...>::types{},
                  {std::move(parameters)...})));
  }

  /// Registers a function that becomes a tuple, for `context::eval`, as
  /// "MODULE.name". It has a thread of its own and may wait. Its parameters:
  /// `caf::blocking_actor*` and `weft::context` if it wants them, then those
  /// that the evaluation gives; it returns a `weft::spaces::tuple` or a
  /// `weft::result` of one. Also an actor type of the cluster file, with the
  /// arguments `space`, `key` and `arguments`.
  template <class F, std::same_as<parameter>... Parameters>
  void active(std::string_view name, F body, Parameters... parameters) {
    using traits =
        modules::actor_parameters<typename modules::callable<F>::parameters>;
    add_actor(modules::bind_active(
        qualified(name), std::move(body),
        described(name, typename traits::types{}, {std::move(parameters)...})));
  }

  /// Registers `R run(weft::job&, args...)` as "MODULE.name", where R is
  /// `weft::result<nlohmann::json>`, anything that converts to JSON, or void.
  template <class F, std::same_as<parameter>... Parameters>
  void job(std::string_view name, F body, Parameters... parameters) {
    using types = typename modules::job_parameters<
        typename modules::callable<F>::parameters>::types;
    add_job(modules::bind_job(
        qualified(name), std::move(body),
        described(name, types{}, {std::move(parameters)...})));
  }

  /// Adds the message types of ID blocks: `caf::id_block::hello`.
  template <class... Blocks>
  void message_types() {
    definition_.message_types.emplace_back(
        [](caf::actor_system_config& config) { add_types<Blocks...>(config); });
  }

  /// What was registered, or all mistakes as one `invalid_argument`.
  result<modules::module_definition> finish() &&;

private:
  std::string qualified(std::string_view name) const;
  void add_actor(modules::actor_type type);
  void add_job(modules::job_type type);
  void check_name(const std::string& qualified_name);
  void keep(std::string_view name, const modules::problems& found);

  template <class... Ts>
  std::vector<modules::parameter_info>
  described(std::string_view name, modules::type_pack<Ts...>,
            const std::vector<parameter>& named) {
    modules::problems found;
    auto parameters = modules::make_parameters<Ts...>(named, found);
    keep(name, found);
    return parameters;
  }

  modules::module_definition definition_;
  std::vector<std::string> problems_;
};

namespace modules {

/// Announces a module from a static initializer.
struct announcement {
  explicit announcement(const weft_module_descriptor& descriptor) {
    weft_announce_module(&descriptor);
  }
};

} // namespace modules

} // namespace weft

/// Defines a module; the braces after it are the body of a function with the
/// `weft::module_registration& module`. The same source makes a shared library
/// or is linked into a program. Once for each name, outside of namespaces.
#define WEFT_MODULE(NAME)                                                      \
  static void weft_register_##NAME(::weft::module_registration& module);       \
  namespace {                                                                  \
  constexpr ::weft_module_descriptor weft_descriptor_##NAME{                   \
      ::weft::modules::descriptor_magic,                                       \
      sizeof(::weft_module_descriptor),                                        \
      #NAME,                                                                   \
      ::weft::modules::header_version,                                         \
      ::weft::modules::this_abi(),                                             \
      [](void* registration) {                                                 \
        weft_register_##NAME(                                                  \
            *static_cast<::weft::module_registration*>(registration));         \
      }};                                                                      \
  const ::weft::modules::announcement weft_announcement_##NAME{                \
      weft_descriptor_##NAME};                                                 \
  }                                                                            \
  static void weft_register_##NAME(                                            \
      [[maybe_unused]] ::weft::module_registration& module)
