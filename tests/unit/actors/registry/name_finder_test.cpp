#include "actors/registry/name_finder_actor.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

#include <doctest/doctest.h>

namespace weft::actors {

namespace {

registration named(const std::string& name) {
  registration made;
  made.name = name;
  return made;
}

} // namespace

TEST_CASE("a table of names keeps the ones that are looked up") {
  known_names table{3};
  for (const auto* name : {"a", "b", "c"})
    CHECK_FALSE(table.put(named(name)));
  // The hand passes all, and the first has waited longest.
  CHECK(table.put(named("d")) == "a");
  CHECK(table.find("b"));
  CHECK(table.put(named("e")) == "c");
  CHECK(table.find("b"));
  CHECK(table.find("d"));
  CHECK_FALSE(table.find("a"));
  CHECK(table.size() == 3);
}

TEST_CASE("a table of names has each name once, as it was put last") {
  known_names table{2};
  auto first = named("a");
  first.node = "n1";
  table.put(first);
  first.node = "n2";
  table.put(first);
  CHECK(table.size() == 1);
  CHECK(table.find("a")->node == "n2");
  CHECK(table.erase("a"));
  CHECK_FALSE(table.erase("a"));
  table.put(named("b"));
  table.put(named("c"));
  CHECK(table.put(named("d")) == "b");
  table.clear();
  CHECK(table.size() == 0);
  CHECK_FALSE(table.put(named("a")));
}

namespace {

/// A registry that counts what it is asked.
struct finder_fixture : actors_fixture {
  std::shared_ptr<known_names> known = std::make_shared<known_names>(2);
  registry_actor registry = spawn_registry(system);
  name_finder_actor finder = spawn_name_finder(
      system, [this] { return registry; }, known);
  caf::actor actor = idler();

  ~finder_fixture() {
    end(finder);
    end(actor);
    if (registry)
      end(registry);
  }

  void add(const std::string& name) {
    REQUIRE(ask<registration>(registry,
                              register_name{{name, "", "n1", pointer(actor)}}));
  }

  bool remove(const std::string& name) {
    return *ask<bool>(registry, unregister_name{name, pointer(actor)});
  }

  result<registration> find(const std::string& name) {
    auto answer = ask<registration>(finder, look_up_name{name});
    drain();
    return answer;
  }
};

} // namespace

TEST_CASE_FIXTURE(finder_fixture,
                  "a name that was looked up is known without asking") {
  add("hello/a");
  add("hello/a-1");
  const auto found = find("hello/a");
  REQUIRE(found);
  CHECK(known->find("hello/a") == *found);
  // Others that begin alike are not.
  CHECK(known->size() == 1);
  end(registry, caf::exit_reason::user_shutdown);
  CHECK_FALSE(known->find("hello/a"));
}

TEST_CASE_FIXTURE(finder_fixture, "a change is known without asking") {
  add("hello/a");
  find("hello/a");
  CHECK(remove("hello/a"));
  drain();
  CHECK_FALSE(known->find("hello/a"));
  CHECK(find("hello/a").error().code == errc::not_found);
  const auto successor = idler();
  REQUIRE(ask<registration>(
      registry, register_name{{"hello/a", "", "n1", pointer(successor)}}));
  CHECK(find("hello/a")->actor == pointer(successor));
  CHECK(known->find("hello/a")->actor == pointer(successor));
  end(successor);
  CHECK_FALSE(known->find("hello/a"));
}

TEST_CASE_FIXTURE(finder_fixture,
                  "what there is no room for is found all the same") {
  for (const auto* name : {"a", "b", "c", "d"}) {
    add(name);
    CHECK(find(name));
    CHECK(known->size() <= 2);
  }
  for (const auto* name : {"a", "b", "c", "d"})
    CHECK(find(name)->name == name);
}

TEST_CASE_FIXTURE(
    finder_fixture,
    "where the registry has no watch left it is asked each time") {
  const auto full = spawn_registry(system, {10, 1, 10});
  end(registry);
  registry = full;
  add("a");
  add("b");
  for (int i = 0; i < 2; ++i) {
    CHECK(find("a"));
    CHECK(find("b"));
  }
  CHECK(known->size() == 1);
}

TEST_CASE_FIXTURE(finder_fixture, "another registry's names are other names") {
  add("a");
  find("a");
  const auto old = registry;
  registry = spawn_registry(system);
  CHECK(find("a").error().code == errc::not_found);
  CHECK_FALSE(known->find("a"));
  end(old);
  end(registry);
  registry = nullptr;
  CHECK(find("a").error().code == errc::unavailable);
}

TEST_CASE_FIXTURE(finder_fixture, "only the registry is believed") {
  add("a");
  find("a");
  foreign_node other{system, 1};
  const auto stranger = other.make();
  const name_event lie{{"a", "", "n9", stranger}, true};
  foreign_node::ask(stranger, finder, lie);
  post(finder, lie);
  drain();
  CHECK(known->find("a")->actor == pointer(actor));
}

TEST_CASE_FIXTURE(finder_fixture, "a service's health is known as it changes") {
  const auto name = service_name("lab", "a", "till");
  registration till{name, "", "n1", pointer(actor)};
  till.service.kind = service_kind::service;
  REQUIRE(ask<registration>(registry, register_name{till}));
  CHECK(find(name)->service.health == service_health::starting);
  REQUIRE(ask<registration>(registry, renew_service{name, pointer(actor), {}}));
  drain();
  CHECK(known->find(name)->service.health == service_health::healthy);
}

} // namespace weft::actors
