#pragma once

#include "config/arguments.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/module/parameter.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

class context;
class job;

} // namespace weft

namespace weft::modules {

/// Told once, in the new actor's own thread, that its function body (or
/// make_behavior) has returned or why it failed; may be empty.
using start_listener = std::function<void(result<void>)>;

/// An actor that a cluster file or a factory can start by name.
struct actor_type {
  /// "module.actor".
  std::string name;
  std::vector<parameter_info> parameters;
  /// All mistakes in the arguments; starts nothing.
  std::function<problems(const config::arguments&)> check;
  /// Starts one. Fails with `invalid_argument` for wrong arguments (all of
  /// them in the message, one a line) and with `internal` when a constructor
  /// throws. The function body runs in the actor's first turn: when it throws,
  /// the actor ends at once with the exception's text as its exit reason, and
  /// the listener hears the same.
  std::function<result<caf::strong_actor_ptr>(
      caf::actor_system&, const context&, const config::arguments&,
      start_listener)>
      spawn;
};

/// A job that `weft run` can run by name.
struct job_type {
  /// "module.job".
  std::string name;
  std::vector<parameter_info> parameters;
  std::function<problems(const config::arguments&)> check;
  /// Runs it to its end in the calling thread, which is that of a blocking
  /// actor. Exceptions of the job are failures with their text.
  std::function<result<nlohmann::json>(job&, const config::arguments&)> run;
};

/// What one WEFT_MODULE registered.
struct module_definition {
  std::string name;
  /// The shared library; empty for a module linked into the program.
  std::string file;
  std::vector<actor_type> actors;
  std::vector<job_type> jobs;
  /// Adds the module's message types; before the actor system is made.
  std::vector<std::function<void(caf::actor_system_config&)>> message_types;
};

/// The modules of one node and the types in them. Filled while the node
/// starts, then only read; reading is thread-safe.
class type_registry {
public:
  /// Fails with `already_exists` for a second module of a name.
  result<void> add(module_definition added);

  /// By "module.actor"; `not_found` with the nearest spelling, with the
  /// modules there are, or with the remark that it is a job. The pointer
  /// lives as long as the registry.
  result<const actor_type*> find_actor(std::string_view name) const;
  result<const job_type*> find_job(std::string_view name) const;

  /// Adds the message types of all modules.
  void add_message_types(caf::actor_system_config& config) const;

  const std::map<std::string, module_definition>& modules() const {
    return modules_;
  }
  std::vector<std::string> actor_names() const;
  std::vector<std::string> job_names() const;

private:
  std::map<std::string, module_definition> modules_;
};

} // namespace weft::modules
