#include "actors/registry/name_keeper_actor.hpp"
#include "tests/unit/actors/actors_fixture.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

struct keeper_fixture : actors_fixture {
  registry_actor registry = spawn_registry(system);
  registry_actor reachable = registry;
  name_keeper_actor keeper =
      spawn_name_keeper(system, [this] { return reachable; });

  ~keeper_fixture() {
    end(keeper);
    end(registry);
  }

  result<bool> keep(const std::string& name, const caf::actor& actor) {
    return ask<bool>(
        keeper, keep_name{{name, "hello.greeter", "n1", pointer(actor), 0}});
  }

  caf::strong_actor_ptr holder(const std::string& name) {
    auto found = ask<registration>(registry, look_up_name{name});
    return found ? found->actor : nullptr;
  }
};

} // namespace

TEST_CASE_FIXTURE(keeper_fixture,
                  "a kept name is registered, and gone with its actor") {
  const auto actor = idler();
  CHECK(keep("hello/a", actor) == true);
  CHECK(keep("hello/a", actor) == true);
  CHECK(keep("hello/b", actor) == true);
  CHECK(holder("hello/a") == pointer(actor));
  end(actor);
  CHECK(holder("hello/a") == nullptr);
  CHECK(holder("hello/b") == nullptr);
}

TEST_CASE_FIXTURE(keeper_fixture, "a successor takes the name at once") {
  const auto first = idler();
  const auto second = idler();
  REQUIRE(keep("hello/a", first) == true);
  REQUIRE(keep("hello/b", first) == true);
  CHECK(keep("hello/a", second) == true);
  CHECK(holder("hello/a") == pointer(second));
  end(first);
  CHECK(holder("hello/a") == pointer(second));
  CHECK(holder("hello/b") == nullptr);
  end(second);
}

TEST_CASE_FIXTURE(keeper_fixture, "a foreign holder is named, and outlived") {
  const auto foreign = idler();
  const auto ours = idler();
  REQUIRE(ask<registration>(
      registry, register_name{{"hello/a", "", "n9", pointer(foreign), 0}}));
  CHECK(keep("hello/a", ours).error().code == errc::already_exists);
  end(foreign);
  CHECK(holder("hello/a") == nullptr);
  advance(3s);
  CHECK(holder("hello/a") == pointer(ours));
  end(ours);
}

TEST_CASE_FIXTURE(keeper_fixture,
                  "an unreachable registry is tried until it is there") {
  const auto actor = idler();
  reachable = nullptr;
  CHECK(keep("hello/a", actor).error().code == errc::unavailable);
  advance(10s);
  CHECK(holder("hello/a") == nullptr);
  reachable = registry;
  advance(3s);
  CHECK(holder("hello/a") == pointer(actor));
  end(actor);
}

TEST_CASE_FIXTURE(keeper_fixture,
                  "a registry that starts anew gets all names again") {
  const auto actor = idler();
  REQUIRE(keep("hello/a", actor) == true);
  REQUIRE(keep("hello/b", actor) == true);
  end(registry);
  advance(1s);
  registry = reachable = spawn_registry(system);
  advance(3s);
  CHECK(holder("hello/a") == pointer(actor));
  CHECK(holder("hello/b") == pointer(actor));
  end(actor);
}

TEST_CASE_FIXTURE(keeper_fixture,
                  "a name is kept for an actor and by a proper name") {
  CHECK(ask<bool>(keeper, keep_name{}).error().code == errc::invalid_argument);
  const auto actor = idler();
  CHECK(keep("a//b", actor).error().code == errc::invalid_argument);
  end(actor);
}

} // namespace weft::actors
