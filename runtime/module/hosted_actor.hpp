#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/module/type_registry.hpp"

#include <exception>
#include <type_traits>
#include <utility>

/// How the module layer makes actors out of user code: the one place besides
/// compat.hpp that knows how CAF 0.17 initializes an actor.
namespace weft::modules {

/// A user's actor class whose exceptions end it with their text as the exit
/// reason instead of CAF's bare `runtime_error`, and which reports the end of
/// its initialization.
template <class Base>
class hosted : public Base {
public:
  template <class... Ts>
  hosted(caf::actor_config& config, start_listener started, Ts&&... arguments)
      : Base(config, std::forward<Ts>(arguments)...), started_{
                                                          std::move(started)} {
    this->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
      return describe_exception(thrown);
    });
  }

  void initialize() override {
    try {
      Base::initialize();
    } catch (...) {
      // The flag keeps CAF from initializing a second time.
      this->setf(caf::abstract_actor::is_initialized_flag);
      auto why = from_caf(describe_exception(std::current_exception()));
      why.message.insert(0, "it could not start: ");
      this->quit(to_caf(why));
      report(tl::unexpected(std::move(why)));
      return;
    }
    report({});
  }

private:
  void report(result<void> outcome) {
    if (auto tell = std::exchange(started_, nullptr))
      tell(std::move(outcome));
  }

  start_listener started_;
};

/// The same for actors with a thread of their own.
template <class Base>
requires std::is_base_of_v<caf::blocking_actor, Base>
class hosted<Base> : public Base {
public:
  template <class... Ts>
  hosted(caf::actor_config& config, start_listener started, Ts&&... arguments)
      : Base(config, std::forward<Ts>(arguments)...), started_{
                                                          std::move(started)} {}

  void act() override {
    if (auto tell = std::exchange(started_, nullptr))
      tell({});
    try {
      Base::act();
    } catch (...) {
      this->fail_state(describe_exception(std::current_exception()));
    }
  }

private:
  start_listener started_;
};

/// Makes an actor of class `Impl`. `body` is its function, or empty for a
/// class that brings its own behaviour. What a constructor throws comes back
/// as a failure.
template <class Impl, class... Ts>
result<caf::strong_actor_ptr>
host(caf::actor_system& system, start_listener started,
     caf::actor_config::init_fun_type body, Ts&&... arguments) {
  static_assert(!std::is_final_v<Impl>,
                "an actor class in a module must not be final: weft derives "
                "from it to catch its exceptions");
  try {
    caf::actor_config config;
    config.init_fun = std::move(body);
    auto handle = system.spawn_class<hosted<Impl>, caf::no_spawn_options>(
        config, std::move(started), std::forward<Ts>(arguments)...);
    return caf::actor_cast<caf::strong_actor_ptr>(std::move(handle));
  } catch (...) {
    auto why = from_caf(describe_exception(std::current_exception()));
    why.message.insert(0, "its constructor failed: ");
    return tl::unexpected(std::move(why));
  }
}

} // namespace weft::modules
