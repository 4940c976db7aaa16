#include "runtime/module/module.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace weft {

namespace {

using nlohmann::json;

using greeter_actor = typed_actor<std::string(greet_atom, std::string)>;
using counter_actor = typed_actor<int(count_atom)>;

greeter_actor::behavior_type greeter(greeter_actor::pointer,
                                     std::string greeting) {
  return {[=](greet_atom, const std::string& name) {
    return greeting + ", " + name;
  }};
}

greeter_actor::behavior_type stranger() {
  return {[](greet_atom, const std::string&) { return std::string{"?"}; }};
}

greeter_actor::behavior_type guide(const context& here, int) {
  return {[node = here.cluster().node](greet_atom, const std::string&) {
    return node;
  }};
}

struct tally {
  int count = 0;
};

counter_actor::behavior_type
counter(counter_actor::stateful_pointer<tally> self, const context&,
        int start) {
  state(self).count = start;
  return {[self](count_atom) { return ++state(self).count; }};
}

void becomes(caf::event_based_actor* self, int answer) {
  self->become([answer](count_atom) { return answer; });
}

caf::behavior fragile(caf::event_based_actor*, bool at_once) {
  if (at_once)
    throw std::runtime_error("no fuel");
  return {[](count_atom) -> int { throw std::runtime_error("out of fuel"); }};
}

class ledger : public counter_actor::base {
public:
  ledger(caf::actor_config& config, const weft::context& here, int start)
      : counter_actor::base{config}, node_{here.cluster().node}, sum_{start} {
    if (start < 0)
      throw std::invalid_argument("a ledger starts at zero or above");
  }

  behavior_type make_behavior() override {
    return {[this](count_atom) { return ++sum_; }};
  }

private:
  std::string node_;
  int sum_;
};

void one_shot(caf::blocking_actor* self) {
  self->receive([](count_atom) { return 1; });
  throw std::runtime_error("done");
}

modules::module_definition defined(auto fill) {
  module_registration module{"hello"};
  fill(module);
  auto finished = std::move(module).finish();
  REQUIRE_MESSAGE(finished, finished.error().message);
  return std::move(*finished);
}

context node_context() {
  context_services services;
  services.node = "n7";
  return context{std::move(services)};
}

config::arguments with(json value) {
  return {std::move(value), {}, "args"};
}

struct binding_fixture : test::deterministic_system {
  template <class Handle>
  Handle start(const modules::module_definition& module, json arguments,
               modules::start_listener started = {}) {
    auto actor = module.actors.at(0).spawn(system, node_context(),
                                           with(std::move(arguments)), started);
    REQUIRE_MESSAGE(actor, actor.error().message);
    return caf::actor_cast<Handle>(*actor);
  }

  /// Why the actor ends.
  template <class Handle>
  std::string reason_of_end(const Handle& actor) {
    self->monitor(actor);
    drain();
    std::string reason;
    self->receive(
        [&](caf::down_msg& down) { reason = describe_exit(down.reason); });
    return reason;
  }
};

} // namespace

TEST_CASE_FIXTURE(binding_fixture,
                  "a typed function gets its arguments by name") {
  const auto module = defined([](auto& m) {
    m.actor("greeter", greeter, parameter("greeting", "Hello"));
  });
  CHECK(module.actors[0].name == "hello.greeter");
  CHECK(module.actors[0].parameters[0].type == "text");
  const auto polite = start<greeter_actor>(module, {{"greeting", "Good day"}});
  CHECK(ask<std::string>(polite, greet_atom_v, "Ada") == "Good day, Ada");
  const auto plain = start<greeter_actor>(module, nullptr);
  CHECK(ask<std::string>(plain, greet_atom_v, "Ada") == "Hello, Ada");
}

TEST_CASE_FIXTURE(binding_fixture,
                  "a function needs neither self nor arguments") {
  const auto module = defined([](auto& m) { m.actor("stranger", stranger); });
  const auto actor = start<greeter_actor>(module, json::array());
  CHECK(ask<std::string>(actor, greet_atom_v, "Ada") == "?");
}

TEST_CASE_FIXTURE(binding_fixture,
                  "the context is injected, not read from the file") {
  const auto module = defined([](auto& m) { m.actor("guide", guide); });
  CHECK(module.actors[0].parameters.size() == 1);
  const auto actor = start<greeter_actor>(module, json::array({1}));
  CHECK(ask<std::string>(actor, greet_atom_v, "Ada") == "n7");
}

TEST_CASE_FIXTURE(binding_fixture,
                  "stateful, void, lambda and class actors work") {
  const auto stateful = defined([](auto& m) { m.actor("c", counter); });
  auto actor = start<counter_actor>(stateful, json::array({5}));
  CHECK(ask<int>(actor, count_atom_v) == 6);

  const auto returns_nothing = defined([](auto& m) { m.actor("c", becomes); });
  auto untyped = start<caf::actor>(returns_nothing, json::array({8}));
  CHECK(ask<int>(untyped, count_atom_v) == 8);

  const auto lambda = defined([](auto& m) {
    m.actor("c", [](caf::event_based_actor*, int x) -> caf::behavior {
      return {[x](count_atom) { return x; }};
    });
  });
  untyped = start<caf::actor>(lambda, json::array({9}));
  CHECK(ask<int>(untyped, count_atom_v) == 9);

  const auto of_class = defined([](auto& m) {
    m.template actor<ledger, context, int>("c", parameter("start", 1));
  });
  actor = start<counter_actor>(of_class, nullptr);
  CHECK(ask<int>(actor, count_atom_v) == 2);
}

TEST_CASE_FIXTURE(binding_fixture,
                  "wrong arguments start nothing and are all named") {
  const auto module = defined(
      [](auto& m) { m.actor("greeter", greeter, parameter("greeting")); });
  const auto given = with({{"greting", "Hi"}});
  CHECK(module.actors[0].check(given).size() == 2);
  const auto actor = module.actors[0].spawn(system, node_context(), given, {});
  REQUIRE_FALSE(actor);
  CHECK(actor.error().code == errc::invalid_argument);
  CHECK(actor.error().message.starts_with(
      "wrong arguments for hello.greeter: args.greting: expected"));
  CHECK(actor.error().message.find("\nargs: expected greeting (text)")
        != std::string::npos);
}

TEST_CASE_FIXTURE(binding_fixture,
                  "a constructor that throws is a failed start") {
  const auto module = defined(
      [](auto& m) { m.template actor<ledger, context, int>("ledger"); });
  const auto actor = module.actors[0].spawn(system, node_context(),
                                            with(json::array({-1})), {});
  REQUIRE_FALSE(actor);
  CHECK(actor.error().message
        == "hello.ledger: its constructor failed: it threw: a ledger starts "
           "at zero or above");
}

TEST_CASE_FIXTURE(binding_fixture,
                  "a body that throws fails the start with its text") {
  const auto module = defined([](auto& m) { m.actor("f", fragile); });
  std::optional<result<void>> started;
  const auto actor = start<caf::actor>(
      module, json::array({true}), [&](result<void> how) { started = how; });
  CHECK(reason_of_end(actor) == "it could not start: it threw: no fuel");
  REQUIRE(started);
  REQUIRE_FALSE(*started);
  CHECK(started->error().message == "it could not start: it threw: no fuel");
}

TEST_CASE_FIXTURE(binding_fixture, "a handler that throws ends with its text") {
  const auto module = defined([](auto& m) { m.actor("f", fragile); });
  std::optional<result<void>> started;
  const auto actor = start<caf::actor>(
      module, json::array({false}), [&](result<void> how) { started = how; });
  drain();
  REQUIRE(started);
  CHECK(started->has_value());
  send(&*self, actor, count_atom_v);
  CHECK(reason_of_end(actor) == "it threw: out of fuel");
}

TEST_CASE_FIXTURE(binding_fixture, "a blocking actor ends with what it threw") {
  const auto module = defined([](auto& m) { m.actor("b", one_shot); });
  const auto actor = start<caf::actor>(module, nullptr);
  self->monitor(actor);
  send(&*self, actor, count_atom_v);
  std::string reason;
  self->receive([](int) {});
  self->receive(
      [&](caf::down_msg& down) { reason = describe_exit(down.reason); });
  CHECK(reason == "it threw: done");
}

TEST_CASE("interfaces with raw floating point are told apart") {
  CHECK(modules::interface_is_wire_safe<greeter_actor>());
  using raw = caf::typed_actor<caf::replies_to<double>::with<int>>;
  using hidden =
      caf::typed_actor<caf::replies_to<int>::with<std::vector<float>>>;
  CHECK_FALSE(modules::interface_is_wire_safe<raw>());
  CHECK_FALSE(modules::interface_is_wire_safe<hidden>());
  CHECK_FALSE(modules::interface_is_wire_safe<raw::base>());
  CHECK(modules::interface_is_wire_safe<caf::event_based_actor>());
}

} // namespace weft
