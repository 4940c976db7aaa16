#include "actors/type_ids.hpp"
#include "runtime/module/context.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft {

namespace {

using namespace std::chrono_literals;

using echo_actor = typed_actor<int(count_atom)>;

echo_actor::behavior_type echo(int value) {
  return {[value](count_atom) { return value; }};
}

/// A node's services around a real registry.
struct context_fixture
    : test::deterministic_system_with<caf::id_block::weft_actors> {
  context_fixture() {
    auto options = std::make_shared<config::cluster_options>();
    options->cluster = "demo";
    options->nodes.resize(2);
    options->nodes[0].name = "n1";
    options->nodes[1].name = "n2";
    context_services services;
    services.node = "n1";
    services.options = options;
    services.registry = [this] { return reachable ? registry : null_registry; };
    services.factory_of = [this](const std::string&) { return factory; };
    here = context{std::move(services), "hello"};
  }

  ~context_fixture() {
    for (const auto& actor : started)
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(registry, caf::exit_reason::user_shutdown);
    drain();
  }

  echo_actor start(int value) {
    auto actor = system.spawn(echo, value);
    started.push_back(actor);
    return actor;
  }

  void take_name(const echo_actor& actor, const std::string& name) {
    std::optional<result<actors::registration>> taken;
    in_actor([&](caf::event_based_actor* self) {
      here.register_as(
          self, actor, name,
          [&](result<actors::registration> answer) { taken = answer; });
    });
    REQUIRE(taken);
    REQUIRE_MESSAGE(*taken, (*taken).error().message);
  }

  /// Runs `work` in an actor that lives until its answers are in.
  void in_actor(std::function<void(caf::event_based_actor*)> work) {
    system.spawn([work](caf::event_based_actor* self) { work(self); });
    drain();
  }

  bool reachable = true;
  actors::registry_actor registry = actors::spawn_registry(system);
  actors::registry_actor null_registry;
  result<actors::factory_actor> factory =
      fail(errc::unavailable, "no connection to n2");
  std::vector<echo_actor> started;
  context here;
};

} // namespace

TEST_CASE_FIXTURE(context_fixture, "the cluster and its options can be read") {
  CHECK(here.cluster().name == "demo");
  CHECK(here.cluster().node == "n1");
  CHECK(here.cluster().nodes == std::vector<std::string>{"n1", "n2"});
  CHECK(here.options().cluster == "demo");
  CHECK(here.for_module("other").cluster().node == "n1");
}

TEST_CASE_FIXTURE(context_fixture, "a registered actor is found by name") {
  const auto actor = start(7);
  take_name(actor, "hello/echo");
  std::optional<result<echo_actor>> found;
  in_actor([&](caf::event_based_actor* self) {
    here.find<echo_actor>(self, "hello/echo",
                          [&](result<echo_actor> answer) { found = answer; });
  });
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(ask<int>(**found, count_atom_v) == 7);
}

TEST_CASE_FIXTURE(context_fixture, "a known name is looked up without asking") {
  context_services services;
  const auto actor = start(7);
  services.known_name = [&](const std::string& name) {
    std::optional<actors::registration> known;
    if (name == "hello/echo")
      known = actors::registration{
          name, "", "n1", caf::actor_cast<caf::strong_actor_ptr>(actor)};
    return known;
  };
  const context knows{services};
  std::string codes;
  in_actor([&](caf::event_based_actor* self) {
    for (const auto* name : {"hello/echo", "hello/other"})
      knows.look_up(self, name, [&](result<actors::registration> answer) {
        codes += answer ? answer->name : to_string(answer.error().code);
        codes += " ";
      });
  });
  CHECK(codes == "hello/echo unavailable ");
}

TEST_CASE_FIXTURE(context_fixture,
                  "a service that is offered is its tenant's to discover") {
  offered_service till;
  till.name = "till";
  till.what.capabilities = {"pay"};
  auto actor = caf::actor_cast<caf::strong_actor_ptr>(start(7));
  const auto of_lab = here.for_tenant("lab");
  REQUIRE(of_lab.offer(system, actor, till));
  drain();
  const auto discovered = [&](const context& whose) {
    std::string found;
    in_actor([&](caf::event_based_actor* self) {
      // The tenant is the context's, whatever is asked for.
      whose.discover(self, {"lab"}, [&](result<actors::service_page> page) {
        for (const auto& each : page.value().found)
          found +=
              each.name + " " + std::string{to_string(each.service.health)};
      });
    });
    return found;
  };
  CHECK(discovered(of_lab) == "service/lab/default/till healthy");
  CHECK(discovered(here).empty());
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  drain();
  CHECK(discovered(of_lab).empty());
}

TEST_CASE_FIXTURE(context_fixture, "an offer that cannot be kept is refused") {
  const auto actor = caf::actor_cast<caf::strong_actor_ptr>(start(7));
  offered_service till;
  till.name = "till";
  CHECK(here.offer(system, nullptr, till).error().code
        == errc::invalid_argument);
  till.name = "till/1";
  CHECK(here.offer(system, actor, till).error().code == errc::invalid_argument);
  till.name = "no name";
  CHECK(here.offer(system, actor, till).error().code == errc::invalid_argument);
  till.name = "till";
  till.what.lease_ms = 1;
  CHECK(here.offer(system, actor, till).error().code == errc::invalid_argument);
}

TEST_CASE_FIXTURE(context_fixture, "a name that nobody holds is not found") {
  std::optional<result<echo_actor>> found;
  in_actor([&](caf::event_based_actor* self) {
    here.find<echo_actor>(self, "hello/nobody",
                          [&](result<echo_actor> answer) { found = answer; });
  });
  REQUIRE(found);
  REQUIRE_FALSE(*found);
  CHECK(found->error().code == errc::not_found);
  CHECK(found->error().message.starts_with("hello/nobody: "));
}

TEST_CASE_FIXTURE(context_fixture,
                  "without a registry a look-up fails at once") {
  reachable = false;
  std::optional<result<echo_actor>> found;
  in_actor([&](caf::event_based_actor* self) {
    here.find<echo_actor>(self, "hello/echo",
                          [&](result<echo_actor> answer) { found = answer; });
  });
  REQUIRE(found);
  CHECK(found->error().code == errc::unavailable);
}

TEST_CASE_FIXTURE(context_fixture, "waiting ends when the name is taken") {
  std::optional<result<echo_actor>> found;
  in_actor([&](caf::event_based_actor* self) {
    here.wait_for<echo_actor>(
        self, "hello/echo", 10s,
        [&](result<echo_actor> answer) { found = answer; });
  });
  CHECK_FALSE(found);
  take_name(start(1), "hello/echo-2");
  CHECK_FALSE(found);
  const auto actor = start(2);
  take_name(actor, "hello/echo");
  REQUIRE(found);
  CHECK(**found == actor);
}

TEST_CASE_FIXTURE(context_fixture,
                  "waiting for a successor ignores the predecessor") {
  const auto old = start(1);
  take_name(old, "hello/echo");
  std::optional<result<echo_actor>> found;
  in_actor([&](caf::event_based_actor* self) {
    here.wait_for<echo_actor>(
        self, "hello/echo", 10s,
        [&](result<echo_actor> answer) { found = answer; }, old);
  });
  CHECK_FALSE(found);
  caf::anon_send_exit(old, caf::exit_reason::kill);
  drain();
  CHECK_FALSE(found);
  const auto next = start(2);
  take_name(next, "hello/echo");
  REQUIRE(found);
  CHECK(**found == next);
}

TEST_CASE_FIXTURE(context_fixture,
                  "waiting ends at its time-out, which it names") {
  std::optional<result<echo_actor>> found;
  in_actor([&](caf::event_based_actor* self) {
    here.wait_for<echo_actor>(
        self, "hello/echo", 10s,
        [&](result<echo_actor> answer) { found = answer; });
  });
  advance(9s);
  CHECK_FALSE(found);
  advance(2s);
  REQUIRE(found);
  CHECK(found->error().code == errc::timed_out);
  CHECK(found->error().message
        == "hello/echo: no actor took this name within 10s");
}

TEST_CASE_FIXTURE(context_fixture,
                  "an evaluation is started through the node's factory") {
  actors::spawn_request seen;
  factory = system.spawn([&seen](actors::factory_actor::pointer)
                             -> actors::factory_actor::behavior_type {
    return {[&seen](const actors::spawn_request& order) {
              seen = order;
              return actors::spawned{nullptr, "n2/math/square-1"};
            },
            [](const actors::stop_spawned&) { return false; }};
  });
  const active_tuple active{
      "math.square", {{"x", 7}}, "results", "seven", "n2"};
  std::optional<result<actors::spawned>> started_as;
  in_actor([&](caf::event_based_actor* self) {
    here.for_tenant("lab").eval(
        self, active, [&](result<actors::spawned> how) { started_as = how; });
  });
  REQUIRE(started_as);
  CHECK((*started_as)->path == "n2/math/square-1");
  CHECK(seen.type == "math.square");
  CHECK(seen.tenant == "lab");
  CHECK(seen.restart == "temporary");
  CHECK(nlohmann::json::parse(seen.arguments)
        == nlohmann::json{
            {"space", "results"}, {"key", "seven"}, {"arguments", {{"x", 7}}}});
  caf::anon_send_exit(*factory, caf::exit_reason::user_shutdown);
}

TEST_CASE_FIXTURE(context_fixture,
                  "actors are spawned through the node's factory") {
  std::vector<actors::spawn_request> seen;
  const actors::factory_actor fake =
      system.spawn([&seen](actors::factory_actor::pointer)
                       -> actors::factory_actor::behavior_type {
        return {[&seen](const actors::spawn_request& order) {
                  seen.push_back(order);
                  return actors::spawned{nullptr, "n2/hello/greeter-7"};
                },
                [](const actors::stop_spawned&) { return false; }};
      });
  factory = fake;
  std::optional<result<actors::spawned>> spawned;
  actors::spawn_request order;
  order.type = "hello.greeter";
  for (int i = 0; i < 2; ++i) {
    in_actor([&](caf::event_based_actor* self) {
      here.spawn_on(self, "n2", order,
                    [&](result<actors::spawned> how) { spawned = how; });
    });
  }
  REQUIRE(spawned);
  CHECK((*spawned)->path == "n2/hello/greeter-7");
  REQUIRE(seen.size() == 2);
  CHECK_FALSE(seen[0].request_id.empty());
  CHECK(seen[0].request_id != seen[1].request_id);
  caf::anon_send_exit(fake, caf::exit_reason::user_shutdown);
}

TEST_CASE_FIXTURE(context_fixture, "a spawn on an unknown or lost node fails") {
  std::optional<result<actors::spawned>> spawned;
  auto keep = [&](result<actors::spawned> how) { spawned = how; };
  in_actor([&](caf::event_based_actor* self) {
    here.spawn_on(self, "n22", {}, keep);
  });
  REQUIRE(spawned);
  CHECK(spawned->error().message
        == "cluster demo has no node n22; did you mean n2?");
  in_actor([&](caf::event_based_actor* self) {
    here.spawn_on(self, "n2", {}, keep);
  });
  CHECK(spawned->error().code == errc::unavailable);
}

TEST_CASE("a context without a node fails what needs one") {
  const context nowhere;
  CHECK_FALSE(nowhere.registry());
  CHECK(nowhere.factory_of("n1").error().code == errc::unavailable);
  CHECK(nowhere.metrics().make_counter("hello_total", "Greetings."));
}

} // namespace weft
