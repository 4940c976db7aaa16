#include "actors/registry/kept_names.hpp"
#include "actors/registry/name_keeper_actor.hpp"
#include "tests/unit/actors/actors_fixture.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

struct keeper_fixture : actors_fixture {
  registry_actor registry = spawn_registry(system);
  registry_actor reachable = registry;
  std::shared_ptr<kept_names> names = std::make_shared<kept_names>();
  name_keeper_actor keeper = start_keeper();

  ~keeper_fixture() {
    end(keeper);
    end(registry);
  }

  name_keeper_actor start_keeper() {
    return spawn_name_keeper(
        system, [this] { return reachable; }, names);
  }

  /// What its supervisor does after it has died.
  void restart_keeper() {
    end(keeper);
    keeper = start_keeper();
    drain();
  }

  void restart_registry() {
    end(registry);
    advance(1s);
    registry = reachable = spawn_registry(system);
  }

  result<bool> keep(const registration& what) {
    result<bool> answer = fail(errc::internal, "no answer");
    system.spawn([&](caf::event_based_actor* asking) {
      keep_registered(asking, *names, 5s, what,
                      [&](const result<bool>& got) { answer = got; });
    });
    drain();
    return answer;
  }

  result<bool> keep(const std::string& name, const caf::actor& actor) {
    return keep({name, "hello.greeter", "n1", pointer(actor), 0});
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
  CHECK(keep(registration{}).error().code == errc::invalid_argument);
  const auto actor = idler();
  CHECK(keep("a//b", actor).error().code == errc::invalid_argument);
  CHECK(names->living().empty());
  end(actor);
}

TEST_CASE_FIXTURE(keeper_fixture, "names outlive their keeper") {
  const auto actor = idler();
  const auto gone = idler();
  REQUIRE(keep("hello/a", actor) == true);
  REQUIRE(keep("hello/b", actor) == true);
  REQUIRE(keep("hello/c", gone) == true);
  end(gone);
  SUBCASE("that is restarted before the registry") {
    restart_keeper();
    restart_registry();
  }
  SUBCASE("that is restarted after the registry") {
    restart_registry();
    restart_keeper();
  }
  SUBCASE("that dies while there is no registry") {
    end(registry);
    reachable = nullptr;
    restart_keeper();
    registry = reachable = spawn_registry(system);
  }
  advance(3s);
  CHECK(holder("hello/a") == pointer(actor));
  CHECK(holder("hello/b") == pointer(actor));
  CHECK(holder("hello/c") == nullptr);
  end(actor);
  CHECK(holder("hello/a") == nullptr);
  CHECK(names->living().empty());
}

TEST_CASE_FIXTURE(keeper_fixture,
                  "a name that is to be kept while there is no keeper is kept "
                  "by the next") {
  const auto first = idler();
  const auto second = idler();
  const auto gone = idler();
  REQUIRE(keep("hello/a", first) == true);
  end(keeper);
  CHECK(keep("hello/b", first).error().code == errc::unavailable);
  CHECK(keep("hello/c", gone).error().code == errc::unavailable);
  // Its predecessor ends before the keeper that had the name comes back.
  CHECK(keep("hello/a", second).error().code == errc::unavailable);
  end(first);
  end(gone);
  CHECK(keep("hello/b", second).error().code == errc::unavailable);
  restart_keeper();
  CHECK(holder("hello/a") == pointer(second));
  CHECK(holder("hello/b") == pointer(second));
  CHECK(holder("hello/c") == nullptr);
  end(second);
}

TEST_CASE_FIXTURE(keeper_fixture, "the end of an actor does not take the name "
                                  "that another has by now") {
  const auto first = idler();
  const auto second = idler();
  REQUIRE(keep("hello/a", first) == true);
  names->add({"hello/a", "hello.greeter", "n1", pointer(second), 0});
  end(first);
  restart_keeper();
  CHECK(holder("hello/a") == pointer(second));
  end(second);
}

} // namespace weft::actors
