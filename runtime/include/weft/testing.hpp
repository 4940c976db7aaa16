#pragma once

#include "actors/registry/registry_actor.hpp"
#include "actors/type_ids.hpp"
#include "runtime/caf/system_config.hpp"
#include "runtime/module/job_actor.hpp"
#include "runtime/module/loader.hpp"
#include "runtime/module/type_ids.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <weft/weft.hpp>

/// For the tests of users' modules.
namespace weft::testing {

/// A node without network, supervision or factory that loads modules as a real
/// one does, starts their actors and runs their jobs. For one thread. All
/// members throw std::runtime_error with the failure's text.
class test_node {
public:
  static constexpr auto timeout = std::chrono::seconds{10};

  /// Loads modules, named as under `modules:` in a cluster file.
  explicit test_node(const std::vector<std::string>& modules)
      : types_{load(modules)}, config_{types_}, system_{config_},
        self_{system_}, registry_{actors::spawn_registry(system_)},
        context_{services()} {}

  ~test_node() {
    for (const auto& actor : started_)
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(registry_, caf::exit_reason::user_shutdown);
  }

  test_node(const test_node&) = delete;
  test_node& operator=(const test_node&) = delete;

  /// Starts an actor of a type "module.actor"; it ends with the node.
  template <class Handle>
  Handle spawn(std::string_view type, nlohmann::json arguments = nullptr) {
    const auto* found = value(types_.find_actor(type));
    auto actor =
        value(found->spawn(system_, context_, given(std::move(arguments)), {}));
    started_.push_back(actor);
    return caf::actor_cast<Handle>(actor);
  }

  /// What is wrong with arguments for an actor or job; empty if they fit.
  std::vector<std::string> mistakes(std::string_view type,
                                    nlohmann::json arguments) const {
    const auto checked = given(std::move(arguments));
    const auto actor = types_.find_actor(type);
    std::vector<std::string> texts;
    for (const auto& each : actor
                                ? (*actor)->check(checked)
                                : value(types_.find_job(type))->check(checked))
      texts.push_back(weft::config::to_string(each));
    return texts;
  }

  /// Registers an actor under a name, as a node does for those in its file.
  template <class Handle>
  void name(const Handle& actor, const std::string& taken) {
    value(context_.register_as(self_.ptr(), actor, taken));
  }

  template <class Reply, class Handle, class... Ts>
  Reply ask(const Handle& to, Ts&&... content) {
    return value(modules::ask<Reply>(self_.ptr(), to, timeout,
                                     std::forward<Ts>(content)...));
  }

  /// Runs a job "module.job" to its end and returns its result.
  nlohmann::json run(std::string_view type, nlohmann::json arguments = nullptr,
                     std::chrono::nanoseconds limit = std::chrono::minutes{1}) {
    modules::job_spawn_options options;
    options.timeout = limit;
    const auto running = value(
        modules::spawn_job(system_, *value(types_.find_job(type)),
                           given(std::move(arguments)), context_, options));
    return value(modules::parse_outcome(modules::ask<std::string>(
        self_.ptr(), running, limit + timeout, modules::await_job{})));
  }

  caf::actor_system& system() { return system_; }
  const weft::context& context() const { return context_; }

private:
  struct node_config : system_config {
    explicit node_config(const modules::type_registry& types) {
      add_types<caf::id_block::weft_actors, caf::id_block::weft_jobs>(*this);
      types.add_message_types(*this);
    }
  };

  template <class T>
  static T value(result<T> from) {
    if (!from)
      throw std::runtime_error(from.error().message);
    return std::move(*from);
  }

  static modules::type_registry load(const std::vector<std::string>& entries) {
    modules::type_registry types;
    std::string text;
    for (const auto& failure : modules::load_modules(entries, types))
      text += failure.why.message + "\n";
    if (!text.empty())
      throw std::runtime_error(text);
    return types;
  }

  static weft::config::arguments given(nlohmann::json arguments) {
    return {std::move(arguments), {}, "arguments"};
  }

  context_services services() {
    context_services with;
    with.node = "test";
    with.registry = [registry = registry_] { return registry; };
    return with;
  }

  modules::type_registry types_;
  node_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  actors::registry_actor registry_;
  std::vector<caf::strong_actor_ptr> started_;
  weft::context context_;
};

} // namespace weft::testing
