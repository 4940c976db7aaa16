#include "actors/ecosystem/factory.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <optional>
#include <set>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

using spawn_answer = std::function<void(result<spawned>)>;

/// A factory whose module layer knows "hello.greeter", and whose supervisor is
/// driven by the test.
struct factory_fixture : actors_fixture {
  registry_actor registry = spawn_registry(system);
  bool registry_reachable = true;
  std::shared_ptr<kept_names> names = std::make_shared<kept_names>();
  name_keeper_actor keeper = start_keeper();

  struct child {
    child_order order;
    caf::strong_actor_ptr actor;
  };
  std::map<std::string, child> children;
  /// Starts that the supervisor has not answered yet, when it is slow.
  bool slow = false;
  std::deque<std::function<void()>> unanswered;
  int starts = 0;
  std::optional<failure> next_failure;
  std::set<std::string> with_right{"n2"};
  std::map<caf::node_id, std::string> peers;
  std::shared_ptr<factory_memory> memory = make_factory_memory(options());
  factory_actor factory = start_factory();

  ~factory_fixture() {
    for (auto& [path, child] : children)
      end(caf::actor_cast<caf::actor>(child.actor));
    end(factory);
    end(keeper);
    end(registry);
  }

  name_keeper_actor start_keeper() {
    return spawn_name_keeper(
        system,
        [this] { return registry_reachable ? registry : registry_actor{}; },
        names);
  }

  factory_actor start_factory() {
    return spawn_factory(system, options(), seams(), names, memory);
  }

  /// What its supervisor does after it has died.
  void restart_factory() {
    end(factory);
    factory = start_factory();
    drain();
  }

  static factory_options options() {
    factory_options options;
    options.node = "n1";
    options.limits.actors_max = 3;
    options.waiting_max = 2;
    return options;
  }

  factory_seams seams() {
    factory_seams seams;
    seams.check = [](const std::string& type,
                     const std::string& arguments) -> result<void> {
      if (type != "hello.greeter")
        return fail(errc::not_found, "no actor type " + type);
      if (arguments == "[]")
        return fail(errc::invalid_argument, "greeting: missing");
      return {};
    };
    seams.spawn = [this](const actor_order& order,
                         actor_ready ready) -> result<caf::strong_actor_ptr> {
      CHECK(order.type == "hello.greeter");
      ++starts;
      auto actor = system.spawn([]() -> caf::behavior { return {[](int) {}}; });
      ready({});
      return pointer(actor);
    };
    seams.add_child = [this](child_order order, spawn_answer answer) {
      add_child(std::move(order), std::move(answer));
    };
    seams.stop_child = [this](const std::string& path,
                              std::function<void(result<bool>)> answer) {
      auto gone = children.extract(path);
      if (!gone.empty())
        caf::anon_send_exit(caf::actor_cast<caf::actor>(gone.mapped().actor),
                            caf::exit_reason::user_shutdown);
      answer(!gone.empty());
    };
    seams.name_of = [this](const caf::node_id& node) { return peers[node]; };
    seams.may_use = [](const std::string&, const std::string& tenant) {
      return tenant != "secret";
    };
    seams.may_spawn = [this](const std::string& node) {
      return with_right.contains(node);
    };
    return seams;
  }

  void add_child(child_order order, spawn_answer answer) {
    const auto path = "n1/" + order.module + "/" + order.name;
    if (next_failure) {
      answer(tl::unexpected(*std::exchange(next_failure, std::nullopt)));
      return;
    }
    if (children.contains(path)) {
      answer(fail(errc::already_exists, path + " is there"));
      return;
    }
    auto start = [this, path, order, answer] {
      auto actor = order.start([](const result<void>&) {}).value();
      children[path] = {order, actor};
      answer(spawned{actor, path});
    };
    if (slow)
      unanswered.push_back(start);
    else
      start();
  }

  /// What the supervisor does when a child that it restarts has died.
  void restart(const std::string& path) {
    auto& dead = children.at(path);
    end(caf::actor_cast<caf::actor>(dead.actor));
    dead.actor = dead.order.start([](const result<void>&) {}).value();
    drain();
  }

  /// A child dies and waits for its restart.
  void crash(const std::string& path) {
    end(caf::actor_cast<caf::actor>(children.at(path).actor));
  }

  /// Its supervisor gives up, and knows no child when it is started again.
  void give_up() {
    for (auto& [path, child] : std::exchange(children, {}))
      end(caf::actor_cast<caf::actor>(child.actor));
  }

  static spawn_request greeter(std::string id, std::string name = {}) {
    return {std::move(id), "hello.greeter", std::move(name), "null",
            "permanent"};
  }

  result<spawned> spawn(const spawn_request& request) {
    return ask<spawned>(factory, request);
  }

  caf::strong_actor_ptr holder(const std::string& name) {
    auto found = ask<registration>(registry, look_up_name{name});
    return found ? found->actor : nullptr;
  }
};

} // namespace

TEST_CASE_FIXTURE(factory_fixture,
                  "a registered type is started under its module") {
  const auto child = spawn(greeter("r1"));
  REQUIRE(child);
  CHECK(child->path == "n1/hello/greeter-1");
  CHECK(children.at(child->path).actor == child->actor);
  CHECK(holder("hello/greeter-1") == nullptr);
}

TEST_CASE_FIXTURE(factory_fixture, "the same request id starts nothing twice") {
  const auto first = spawn(greeter("r1"));
  CHECK(spawn(greeter("r1")) == first);
  CHECK(starts == 1);
  const auto other = spawn(greeter("r1", "ada"));
  REQUIRE_FALSE(other);
  CHECK(other.error().code == errc::invalid_argument);
  CHECK(spawn(greeter("r2")));
  CHECK(starts == 2);
}

TEST_CASE_FIXTURE(
    factory_fixture,
    "a request that comes again while it runs shares the answer") {
  slow = true;
  std::vector<std::string> answers;
  const auto ask_again = [&] {
    system.spawn([&](caf::event_based_actor* caller) {
      request(caller, factory, 10s, greeter("r1"))
          .then([&](const spawned& child) { answers.push_back(child.path); },
                [&](const caf::error& why) {
                  answers.emplace_back(to_string(from_caf(why).code));
                });
    });
    drain();
  };
  ask_again();
  ask_again();
  CHECK(answers.empty());
  ask_again();
  CHECK(answers == std::vector<std::string>{"exhausted"});
  REQUIRE(unanswered.size() == 1);
  unanswered.front()();
  drain();
  CHECK(answers
        == std::vector<std::string>{"exhausted", "n1/hello/greeter-1",
                                    "n1/hello/greeter-1"});
  CHECK(starts == 1);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "what the module layer refuses is not started, and "
                  "the mended request is") {
  auto wrong = greeter("r1");
  wrong.type = "hello.greter";
  CHECK(spawn(wrong).error().code == errc::not_found);
  wrong = greeter("r1");
  wrong.arguments = "[]";
  CHECK(spawn(wrong).error()
        == failure{errc::invalid_argument, "greeting: missing"});
  wrong.restart = "often";
  CHECK(spawn(wrong).error().code == errc::invalid_argument);
  CHECK(starts == 0);
  CHECK(spawn(greeter("r1")));
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a failed start is answered, and remembered") {
  next_failure = failure{errc::internal, "its constructor failed: no fuel"};
  const auto failed = spawn(greeter("r1"));
  CHECK(failed.error()
        == failure{errc::internal, "its constructor failed: no fuel"});
  CHECK(spawn(greeter("r1")) == failed);
  CHECK(starts == 0);
  for (const auto* id : {"a", "b", "c"})
    CHECK(spawn(greeter(id)));
}

TEST_CASE_FIXTURE(factory_fixture, "a made-up name that is taken is replaced") {
  next_failure = failure{errc::already_exists, "greeter-1 runs already"};
  CHECK(spawn(greeter("r1"))->path == "n1/hello/greeter-2");
  next_failure = failure{errc::already_exists, "ada runs already"};
  CHECK(spawn(greeter("r2", "ada")).error().code == errc::already_exists);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "above the limit nothing is started until one ends") {
  for (const auto* id : {"a", "b", "c"})
    REQUIRE(spawn(greeter(id)));
  CHECK(spawn(greeter("d")).error().code == errc::exhausted);
  CHECK(starts == 3);
  CHECK(ask<bool>(factory, stop_spawned{"n1/hello/greeter-2"}) == true);
  CHECK(ask<bool>(factory, stop_spawned{"n1/hello/greeter-2"}) == false);
  CHECK(ask<bool>(factory, stop_spawned{"n1/kernel"}) == false);
  CHECK(spawn(greeter("d")));
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a name points to the incarnation that runs") {
  const auto child = spawn(greeter("r1", "ada"));
  REQUIRE(child);
  CHECK(child->path == "n1/hello/ada");
  CHECK(holder("hello/ada") == child->actor);
  restart(child->path);
  CHECK(holder("hello/ada") == children.at(child->path).actor);
  CHECK(holder("hello/ada") != child->actor);
  CHECK(ask<bool>(factory, stop_spawned{child->path}) == true);
  CHECK(holder("hello/ada") == nullptr);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a name is taken while its actor waits for its restart") {
  const auto child = spawn(greeter("r1", "ada"));
  REQUIRE(child);
  crash(child->path);
  CHECK(spawn(greeter("r2", "ada")).error()
        == failure{errc::already_exists, "n1/hello/ada is there"});
  restart(child->path);
  CHECK(spawn(greeter("r3", "ada")).error().code == errc::already_exists);
  CHECK(ask<bool>(factory, stop_spawned{child->path}) == true);
  CHECK(spawn(greeter("r4", "ada")));
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a name is free when its supervisor has given up") {
  REQUIRE(spawn(greeter("r1", "ada")));
  REQUIRE(spawn(greeter("r2", "bob")));
  give_up();
  const auto again = spawn(greeter("r3", "ada"));
  REQUIRE(again);
  CHECK(holder("hello/ada") == again->actor);
  CHECK(ask<bool>(factory, stop_spawned{again->path}) == true);
  // What nobody starts again is gone too.
  CHECK(ask<bool>(factory, stop_spawned{"n1/hello/bob"}) == false);
  CHECK(ask<bool>(factory, stop_spawned{"n1/hello/bob"}) == false);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a transient actor that has finished leaves its name") {
  auto wanted = greeter("r1", "ada");
  wanted.restart = "transient";
  const auto child = spawn(wanted);
  REQUIRE(child);
  end(caf::actor_cast<caf::actor>(child->actor),
      caf::exit_reason::user_shutdown);
  CHECK(children.empty());
  CHECK(spawn(greeter("r2", "ada")));
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a name of another node's actor is refused, and the "
                  "started actor stopped") {
  const auto foreign = idler();
  REQUIRE(ask<registration>(
      registry, register_name{{"hello/ada", "", "n9", pointer(foreign), 0}}));
  CHECK(spawn(greeter("r1", "ada")).error().code == errc::already_exists);
  CHECK(children.empty());
  end(foreign);
  CHECK(spawn(greeter("r2", "ada")));
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a named start does not wait for a lost registry") {
  registry_reachable = false;
  const auto child = spawn(greeter("r1", "ada"));
  REQUIRE(child);
  CHECK(holder("hello/ada") == nullptr);
  registry_reachable = true;
  advance(3s);
  CHECK(holder("hello/ada") == child->actor);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a named actor that starts while there is no keeper gets its "
                  "name from the next") {
  end(keeper);
  const auto child = spawn(greeter("r1", "ada"));
  REQUIRE(child);
  CHECK(holder("hello/ada") == nullptr);
  keeper = start_keeper();
  drain();
  CHECK(holder("hello/ada") == child->actor);
  end(keeper);
  restart(child->path);
  keeper = start_keeper();
  advance(1s);
  CHECK(holder("hello/ada") == children.at(child->path).actor);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a start without an answer times out, and frees "
                  "nothing that may still run") {
  slow = true;
  std::optional<failure> seen;
  system.spawn([&](caf::event_based_actor* caller) {
    request(caller, factory, 60s, greeter("r1"))
        .then([](const spawned&) {},
              [&](const caf::error& why) { seen = from_caf(why); });
  });
  drain();
  advance(29s);
  CHECK_FALSE(seen);
  advance(2s);
  REQUIRE(seen);
  CHECK(seen->code == errc::timed_out);
  slow = false;
  CHECK(spawn(greeter("r1")).error().code == errc::timed_out);
  CHECK(spawn(greeter("r2")));
  CHECK(spawn(greeter("r3")));
  CHECK(spawn(greeter("r4")).error().code == errc::exhausted);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "another node starts actors for its own tenants only") {
  foreign_node trusted{system, 2};
  peers = {{trusted.id, "n2"}};
  const auto asking = trusted.make();
  auto wanted = greeter("r1");
  wanted.tenant = "secret";
  foreign_node::ask(asking, factory, wanted);
  drain();
  CHECK(foreign_node::answer<spawned>(asking).error()
        == failure{errc::permission_denied,
                   "node n2 may not start actors for the tenant secret"});
  CHECK(starts == 0);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "another node may start and stop actors only with "
                  "the right to") {
  const auto outcome = [&](const caf::strong_actor_ptr& from) {
    foreign_node::ask(from, factory, greeter("r1"));
    drain();
    return foreign_node::answer<spawned>(from);
  };
  foreign_node trusted{system, 2}, refused{system, 3}, stranger{system, 4};
  peers = {{trusted.id, "n2"}, {refused.id, "n3"}};
  const auto no_right = refused.make();
  CHECK(outcome(no_right).error()
        == failure{errc::permission_denied, "node n3 has not the right to "
                                            "start or stop actors on node n1"});
  CHECK(outcome(stranger.make()).error().code == errc::permission_denied);
  CHECK(starts == 0);
  CHECK(outcome(trusted.make())->path == "n1/hello/greeter-1");
  foreign_node::ask(no_right, factory, stop_spawned{"n1/hello/greeter-1"});
  drain();
  CHECK(foreign_node::answer<bool>(no_right).error().code
        == errc::permission_denied);
  CHECK(children.size() == 1);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a request without a sender starts nothing") {
  post(factory, greeter("r1"));
  post(factory, stop_spawned{"n1/hello/greeter-1"});
  drain();
  CHECK(starts == 0);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a factory that is restarted knows what was started before") {
  const auto first = spawn(greeter("r1"));
  REQUIRE(first);
  restart_factory();
  const auto again = spawn(greeter("r1"));
  REQUIRE(again);
  CHECK(*again == *first);
  CHECK(starts == 1);
  CHECK(ask<bool>(factory, stop_spawned{first->path}) == true);
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a factory that is restarted counts what runs") {
  const auto dies = spawn(greeter("r1", "ada"));
  REQUIRE(dies);
  REQUIRE(spawn(greeter("r2")));
  REQUIRE(spawn(greeter("r3")));
  restart_factory();
  CHECK(spawn(greeter("r4")).error().code == errc::exhausted);
  restart(dies->path);
  CHECK(holder("hello/ada") == children.at(dies->path).actor);
  CHECK(spawn(greeter("r5")).error().code == errc::exhausted);
  end(caf::actor_cast<caf::actor>(children.at(dies->path).actor));
  drain();
  CHECK(spawn(greeter("r6")));
}

TEST_CASE_FIXTURE(factory_fixture,
                  "a start that was under way with the factory's end is "
                  "forgotten") {
  slow = true;
  system.spawn([&](caf::event_based_actor* caller) {
    request(caller, factory, 1s, greeter("r1"))
        .then([](const spawned&) {}, [](const caf::error&) {});
  });
  drain();
  advance(2s);
  restart_factory();
  slow = false;
  CHECK(spawn(greeter("r1")));
}

} // namespace weft::actors
