#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <weft/testing.hpp>

namespace weft {

namespace {

using namespace std::chrono_literals;

/// Starts a greeter under its name and again whenever it ends, as a node's
/// supervisor and registration would.
caf::behavior keeper(caf::event_based_actor* self, modules::actor_type type,
                     weft::context here, int number) {
  const auto name = "greeter-" + std::to_string(number);
  auto take_name = [self, here, name](caf::strong_actor_ptr actor) {
    here.register_as(self, actor, "hello/" + name,
                     [self, actor](result<actors::registration> taken) {
                       // The predecessor's name may not be free yet.
                       if (!taken)
                         delayed_send(self, caf::actor{self}, 5ms, actor);
                     });
  };
  auto start = [self, type, here, name, take_name] {
    const auto actor =
        type.spawn(self->system(), here, {{{"name", name}}, {}, ""}, {});
    REQUIRE(actor);
    self->monitor(*actor);
    take_name(*actor);
  };
  self->set_down_handler([start](caf::down_msg&) { start(); });
  start();
  return {
      [take_name](const caf::strong_actor_ptr& actor) { take_name(actor); }};
}

struct party : testing::test_node {
  party() : test_node{{"hello"}} {
    const auto module = modules::load_module("hello");
    REQUIRE(module);
    for (int i = 1; i <= 4; ++i)
      keepers.push_back(
          system().spawn(keeper, module->at(0).actors.at(0), context(), i));
  }

  ~party() {
    for (const auto& each : keepers)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }

  std::vector<caf::actor> keepers;
};

} // namespace

TEST_CASE_FIXTURE(party, "every greeter greets all others in every round") {
  const auto result =
      run("hello.party", {{"greeters", 4}, {"rounds", 3}, {"kill", 0}});
  CHECK(result["greetings"] == 3 * 4 * 3);
  CHECK(result["messages"] == 2 * 3 * 4 * 3);
  CHECK(result["per_node"] == nlohmann::json{{"test", 3 * 4 * 3}});
  CHECK(result["restarts_seen"] == 0);
}

TEST_CASE_FIXTURE(party, "the count is exact though a greeter is killed") {
  const auto result =
      run("hello.party", {{"greeters", 4}, {"rounds", 4}, {"kill", 2}});
  CHECK(result["greetings"] == 4 * 4 * 3);
  CHECK(result["restarts_seen"] == 1);
}

TEST_CASE_FIXTURE(party, "a greeter's arguments are checked") {
  CHECK(mistakes("hello.greeter", {{"name", "x"}}).empty());
  CHECK(mistakes("hello.greeter", nullptr).size() == 1);
  CHECK(mistakes("hello.party", {{"rounds", "many"}}).size() == 1);
}

} // namespace weft
