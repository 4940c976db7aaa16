#include "actors/registry/registry_actor.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

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

namespace {

/// A registry whose node uses the tenant "home", and two nodes that use "lab"
/// and "acme".
struct tenants_fixture : actors_fixture {
  foreign_node lab{system, 1};
  foreign_node acme{system, 2};
  caf::strong_actor_ptr of_lab = lab.make();
  caf::strong_actor_ptr of_acme = acme.make();
  registry_actor registry = spawn_registry(
      system, {}, [this](const caf::node_id& node, std::string_view tenant) {
        return (node == lab.id && tenant == "lab")
               || (node == acme.id && tenant == "acme")
               || (node == system.node() && tenant == "home");
      });

  ~tenants_fixture() {
    end(registry);
    foreign_node::of(of_lab).received.clear();
    foreign_node::of(of_acme).received.clear();
  }

  template <class Reply, class Message>
  result<Reply> ask_as(const caf::strong_actor_ptr& who,
                       const Message& message) {
    foreign_node::ask(who, registry, message);
    drain();
    return foreign_node::answer<Reply>(who);
  }

  template <class Reply, class Message>
  errc refusal(const caf::strong_actor_ptr& who, const Message& message) {
    const auto answer = ask_as<Reply>(who, message);
    return answer ? errc::none : answer.error().code;
  }

  static register_name shard(const caf::strong_actor_ptr& of,
                             const std::string& tenant) {
    // The node that a message names counts for nothing.
    return {{"space/" + tenant + "/a/grid/0", "weft.space_shard", tenant, of}};
  }
};

} // namespace

TEST_CASE_FIXTURE(tenants_fixture,
                  "a node has nothing to do with another tenant's names") {
  REQUIRE(ask_as<registration>(of_acme, shard(of_acme, "acme")));
  const std::string name = "space/acme/a/grid/0";
  CHECK(refusal<registration>(of_lab, shard(of_lab, "acme"))
        == errc::permission_denied);
  CHECK(refusal<registration>(of_lab, shard(of_acme, "acme"))
        == errc::permission_denied);
  CHECK(refusal<registration>(of_lab, look_up_name{name})
        == errc::permission_denied);
  CHECK(refusal<registration>(of_lab, look_up_name{"space/acme/a/none"})
        == errc::permission_denied);
  CHECK(refusal<std::vector<registration>>(of_lab, list_names{"space/acme/"})
        == errc::permission_denied);
  CHECK(refusal<std::uint64_t>(of_lab, watch_names{"space/acme/", of_lab})
        == errc::permission_denied);
  CHECK(refusal<bool>(of_lab, unregister_name{name, of_acme})
        == errc::permission_denied);
  CHECK(ask_as<registration>(of_acme, look_up_name{name}));
}

TEST_CASE_FIXTURE(tenants_fixture,
                  "a node cannot give a tenant's name to another node") {
  CHECK(refusal<registration>(of_lab, shard(of_acme, "lab"))
        == errc::permission_denied);
  CHECK(ask_as<registration>(of_lab, shard(of_lab, "lab")));
}

TEST_CASE_FIXTURE(tenants_fixture,
                  "wider lists and watches leave other tenants out") {
  REQUIRE(ask_as<registration>(of_acme, shard(of_acme, "acme")));
  REQUIRE(ask_as<registration>(of_lab, shard(of_lab, "lab")));
  const auto listed = ask_as<std::vector<registration>>(of_lab, list_names{""});
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().name == "space/lab/a/grid/0");
  foreign_node::ask(of_lab, registry, watch_names{"", of_lab});
  drain();
  ask_as<bool>(of_acme, unregister_name{"space/acme/a/grid/0", of_acme});
  const auto& received = foreign_node::of(of_lab).received;
  REQUIRE(received.size() == 2);
  CHECK(received[0].get_as<std::uint64_t>(0) == 1);
  CHECK(received[1].get_as<name_event>(0).what.name == "space/lab/a/grid/0");
}

TEST_CASE_FIXTURE(tenants_fixture,
                  "no node has others told, and nobody is told unasked") {
  CHECK(refusal<std::uint64_t>(of_lab, watch_names{"", of_acme})
        == errc::permission_denied);
}

TEST_CASE_FIXTURE(tenants_fixture,
                  "actors of the registry's node have that node's tenants") {
  const auto actor = idler();
  CHECK(ask<registration>(registry, shard(pointer(actor), "home")));
  CHECK(ask<registration>(registry, shard(pointer(actor), "lab")).error().code
        == errc::permission_denied);
  CHECK(ask<registration>(registry, look_up_name{"space/lab/a/grid/0"})
            .error()
            .code
        == errc::permission_denied);
  end(actor);
}

TEST_CASE_FIXTURE(tenants_fixture, "who has no sender has no tenant") {
  const auto actor = idler();
  post(registry, shard(pointer(actor), "home"));
  drain();
  CHECK(ask<registration>(registry, look_up_name{"space/home/a/grid/0"})
            .error()
            .code
        == errc::not_found);
  end(actor);
}

TEST_CASE_FIXTURE(actors_fixture,
                  "without rights only the registry's node uses tenants") {
  foreign_node other{system, 1};
  const auto stranger = other.make();
  const auto actor = idler();
  const auto registry = spawn_registry(system);
  const register_name shard{{"space/lab/a/grid/0", "", "n1", pointer(actor)}};
  CHECK(ask<registration>(registry, shard));
  foreign_node::ask(stranger, registry, look_up_name{"space/lab/a/grid/0"});
  drain();
  CHECK(foreign_node::answer<registration>(stranger).error().code
        == errc::permission_denied);
  end(actor);
  end(registry);
}

} // namespace weft::actors
