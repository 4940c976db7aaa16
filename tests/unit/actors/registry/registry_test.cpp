#include "actors/registry/registry_actor.hpp"
#include "tests/unit/actors/actors_fixture.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace weft::actors {

namespace {

struct registry_fixture : actors_fixture {
  registry_actor registry = spawn_registry(system, {3, 2, 3});

  ~registry_fixture() { end(registry); }

  /// An actor that notes "+name" and "-name".
  caf::actor note_taker(std::shared_ptr<std::string> notes) {
    return system.spawn([notes]() -> caf::behavior {
      return {[notes](const name_event& event) {
        *notes += (event.added ? "+" : "-") + event.what.name + " ";
      }};
    });
  }

  result<registration> add(const std::string& name, const caf::actor& actor) {
    return ask<registration>(
        registry,
        register_name{{name, "hello.greeter", "n1", pointer(actor), 0}});
  }

  result<registration> find(const std::string& name) {
    return ask<registration>(registry, look_up_name{name});
  }
};

} // namespace

TEST_CASE_FIXTURE(registry_fixture,
                  "a registered actor is found and listed by name") {
  const auto actor = idler();
  const auto added = add("hello/a", actor);
  REQUIRE(added);
  CHECK(added->actor == pointer(actor));
  CHECK(find("hello/a") == added);
  const auto listed =
      ask<std::vector<registration>>(registry, list_names{"hello/"});
  CHECK(listed == std::vector{*added});
  CHECK(find("hello/b").error().code == errc::not_found);
  end(actor);
}

TEST_CASE_FIXTURE(registry_fixture, "a name vanishes when its actor dies") {
  const auto actor = idler();
  REQUIRE(add("hello/a", actor));
  end(actor);
  CHECK(find("hello/a").error().code == errc::not_found);
}

TEST_CASE_FIXTURE(registry_fixture,
                  "an actor that is dead already leaves no name") {
  const auto actor = idler();
  end(actor);
  REQUIRE(add("hello/a", actor));
  drain();
  CHECK(find("hello/a").error().code == errc::not_found);
}

TEST_CASE_FIXTURE(registry_fixture,
                  "a successor keeps the name when its predecessor dies") {
  const auto first = idler();
  const auto second = idler();
  REQUIRE(add("hello/a", first));
  CHECK(add("hello/a", second).error().code == errc::already_exists);
  CHECK(ask<bool>(registry, unregister_name{"hello/a", pointer(first)})
        == true);
  CHECK(ask<bool>(registry, unregister_name{"hello/a", pointer(first)})
        == false);
  REQUIRE(add("hello/a", second));
  end(first);
  CHECK(find("hello/a")->actor == pointer(second));
  end(second);
}

TEST_CASE_FIXTURE(registry_fixture,
                  "a watcher sees what is there, then every change") {
  auto notes = std::make_shared<std::string>();
  const auto watcher = note_taker(notes);
  const auto actor = idler();
  REQUIRE(add("hello/a", actor));
  CHECK(ask<std::uint64_t>(registry, watch_names{"hello/", pointer(watcher)})
        == 1u);
  CHECK(*notes == "+hello/a ");
  REQUIRE(add("hello/b", actor));
  REQUIRE(add("other", actor));
  ask<bool>(registry, unregister_name{"hello/a", pointer(actor)});
  end(actor);
  CHECK(*notes == "+hello/a +hello/b -hello/a -hello/b ");
  end(watcher);
}

TEST_CASE_FIXTURE(registry_fixture,
                  "a watcher that asks itself is answered first") {
  auto notes = std::make_shared<std::string>();
  const auto actor = idler();
  REQUIRE(add("hello/a", actor));
  auto watcher =
      system.spawn([&](caf::event_based_actor* self) -> caf::behavior {
        request(self, registry, std::chrono::seconds{1},
                watch_names{"", caf::actor_cast<caf::strong_actor_ptr>(self)})
            .then([notes](std::uint64_t count) {
              *notes += std::to_string(count) + " ";
            });
        return {[notes](const name_event& event) {
          *notes += "+" + event.what.name;
        }};
      });
  drain();
  CHECK(*notes == "1 +hello/a");
  end(watcher);
  end(actor);
}

TEST_CASE_FIXTURE(registry_fixture, "a dead watcher makes room for another") {
  auto notes = std::make_shared<std::string>();
  const auto first = note_taker(notes);
  const auto second = note_taker(notes);
  REQUIRE(ask<std::uint64_t>(registry, watch_names{"a", pointer(first)}));
  REQUIRE(ask<std::uint64_t>(registry, watch_names{"b", pointer(first)}));
  CHECK(ask<std::uint64_t>(registry, watch_names{"c", pointer(second)})
            .error()
            .code
        == errc::exhausted);
  end(first);
  CHECK(ask<std::uint64_t>(registry, watch_names{"c", pointer(second)}) == 0u);
  end(second);
}

TEST_CASE_FIXTURE(registry_fixture,
                  "nobody can be registered or told of names") {
  CHECK(ask<registration>(registry, register_name{}).error().code
        == errc::invalid_argument);
  CHECK(ask<std::uint64_t>(registry, watch_names{}).error().code
        == errc::invalid_argument);
  CHECK(ask<bool>(registry, unregister_name{"a", nullptr}) == false);
  CHECK(ask<std::vector<registration>>(registry, list_names{"//"}).error().code
        == errc::invalid_argument);
}

} // namespace weft::actors
