#include "actors/membership/membership.hpp"
#include "runtime/caf/error.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <vector>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

/// n2 of a cluster n1, n2, n3: it dials n1 and is dialed by n3.
struct membership_fixture : actors_fixture {
  std::vector<std::function<void(result<dialed>)>> dials;
  std::map<caf::node_id, std::string> verified;
  bool verifies = true;
  std::vector<std::function<void(result<std::string>)>> commands;
  std::string fence;
  registry_actor own_registry;
  std::chrono::nanoseconds wall = 1000s;
  foreign_node first{system, 1};
  foreign_node third{system, 3};
  caf::strong_actor_ptr first_entry = first.make();
  caf::strong_actor_ptr third_entry = third.make();
  std::shared_ptr<peer_directory> directory =
      std::make_shared<peer_directory>();
  std::shared_ptr<std::string> told = std::make_shared<std::string>();
  membership_handles handles = start();

  ~membership_fixture() {
    end(handles.members);
    // Answers that foreign actors got refer to actors of this system.
    foreign_node::of(first_entry).received.clear();
    foreign_node::of(third_entry).received.clear();
  }

  membership_handles start() {
    membership_seams seams;
    seams.dial = [this](const std::string& name,
                        std::function<void(result<dialed>)> done) {
      CHECK(name == "n1");
      dials.push_back(std::move(done));
    };
    seams.name_of = [this](const caf::node_id& node,
                           std::function<void(result<std::string>)> done) {
      if (verifies)
        done(verified[node]);
    };
    seams.run_command = [this](const node_command& command,
                               std::function<void(result<std::string>)> done) {
      if (command.verb == "status")
        done(std::string{R"({"ok":true})"});
      else
        commands.push_back(std::move(done));
    };
    seams.fenced = [this](const std::string& reason) { fence = reason; };
    seams.registry = [this] { return own_registry; };
    seams.wall_clock = [this] { return wall; };
    auto started = spawn_membership(system, options(), seams, directory);
    drain();
    return started.value();
  }

  static membership_options options() {
    membership_options options;
    options.settings.cluster = "demo";
    options.settings.self = "n2";
    options.settings.incarnation = 3;
    options.settings.config_hash = "h1";
    options.settings.config = "{}";
    options.settings.nodes = {"n1", "n2", "n3"};
    options.addresses = {{"n1", "127.0.0.1:7001"}};
    options.watchers_max = 1;
    options.hellos_max = 2;
    options.commands_max = 1;
    options.command_answer_bytes_max = 20;
    return options;
  }

  caf::actor note_taker() {
    return system.spawn([told = told]() -> caf::behavior {
      return {[told](const member_event& event) {
        *told += std::string{to_string(event.state)} + " " + event.name + " ";
      }};
    });
  }

  caf::actor watcher() {
    auto actor = note_taker();
    CHECK(ask<std::uint64_t>(handles.members, watch_members{pointer(actor)}));
    return actor;
  }

  hello hello_of_third() {
    hello from;
    from.cluster = "demo";
    from.node = "n3";
    from.incarnation = 1;
    from.config_hash = "h1";
    from.entry = third_entry;
    verified[third.id] = "n3";
    return from;
  }

  result<welcome> greet(const hello& from) {
    foreign_node::ask(third_entry, handles.entry, from);
    drain();
    return foreign_node::answer<welcome>(third_entry);
  }

  member member_named(const std::string& name) {
    const auto listed =
        ask<std::vector<member>>(handles.members, list_members{});
    for (const auto& each : listed.value())
      if (each.name == name)
        return each;
    return {};
  }
};

} // namespace

TEST_CASE_FIXTURE(membership_fixture,
                  "a node that says hello is a member and found") {
  const auto watching = watcher();
  const auto answer = greet(hello_of_third());
  REQUIRE(answer);
  CHECK(answer->node == "n2");
  CHECK(answer->incarnation == 3);
  CHECK(*told == "up n2 up n3 ");
  const auto third_member = member_named("n3");
  CHECK(third_member.state == member_state::up);
  CHECK(third_member.node == third.id);
  CHECK(third_member.entry == third_entry);
  CHECK(directory->name_of(third.id) == "n3");
  CHECK(member_named("n1").state == member_state::absent);
  CHECK(member_named("n1").address == "127.0.0.1:7001");
  CHECK(greet(hello_of_third()));
  CHECK(*told == "up n2 up n3 ");
  end(watching);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "the loss of a node is told once, with its reason") {
  const auto watching = watcher();
  REQUIRE(greet(hello_of_third()));
  foreign_node::lose(third_entry);
  drain();
  CHECK(*told == "up n2 up n3 down n3 ");
  CHECK(directory->name_of(third.id).empty());
  CHECK(member_named("n3").reason == "connection lost: its node is lost");
  CHECK(member_named("n3").node == caf::node_id{});
  const auto seen =
      ask<std::vector<evidence>>(handles.members, explain_member{"n3"});
  REQUIRE(seen);
  REQUIRE(seen->size() == 2);
  CHECK(seen->at(0).kind == "up");
  CHECK(seen->at(1).kind == "down");
  CHECK(seen->at(1).first_at == 1'000'000'000'000);
  third_entry = third.make();
  REQUIRE(greet(hello_of_third()));
  CHECK(*told == "up n2 up n3 down n3 back n3 ");
  end(watching);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "a node that ends for a reason is lost with its words") {
  REQUIRE(greet(hello_of_third()));
  foreign_node::lose(third_entry,
                     to_caf({errc::internal, "supervisor n3 gave up"}));
  drain();
  CHECK(member_named("n3").reason == "it ended: supervisor n3 gave up");
}

TEST_CASE_FIXTURE(membership_fixture,
                  "a node before it in the file is dialed and greeted") {
  const auto watching = watcher();
  REQUIRE(dials.size() == 1);
  dials[0](fail(errc::unavailable, "connection refused"));
  drain();
  advance(60ms);
  REQUIRE(dials.size() == 2);
  dials[1](dialed{first.id, first_entry});
  drain();
  auto& received = foreign_node::of(first_entry).received;
  REQUIRE(received.size() == 1);
  REQUIRE(received[0].match_elements<hello>());
  const auto& ours = received[0].get_as<hello>(0);
  CHECK(ours.node == "n2");
  CHECK(ours.config == "{}");
  CHECK(ours.entry == pointer(handles.entry));
  // No answer: it is given up in time and dialed again.
  CHECK(*told == "up n2 ");
  advance(3s);
  advance(1s);
  CHECK(dials.size() == 3);
  end(watching);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "a name that the carrier does not vouch for is "
                  "refused") {
  auto from = hello_of_third();
  from.node = "n1";
  CHECK(greet(from).error()
        == failure{errc::permission_denied,
                   "it calls itself n1 and is verified as n3"});
  from = hello_of_third();
  from.entry = first_entry;
  CHECK(greet(from).error().code == errc::permission_denied);
  from.entry = nullptr;
  CHECK(greet(from).error().code == errc::permission_denied);
  CHECK(directory->all().size() == 1);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "hellos whose names are never verified are refused "
                  "in time, and only so many wait") {
  verifies = false;
  for (int i = 0; i < 2; ++i)
    foreign_node::ask(third_entry, handles.entry, hello_of_third());
  CHECK(greet(hello_of_third()).error().code == errc::exhausted);
  advance(3s);
  CHECK(foreign_node::answer<welcome>(third_entry).error()
        == failure{errc::unavailable, "its name was not verified in time"});
  verifies = true;
  CHECK(greet(hello_of_third()));
}

TEST_CASE_FIXTURE(membership_fixture,
                  "commands are run for members, a bounded number at "
                  "a time") {
  const auto run = [&](const std::string& verb) {
    foreign_node::ask(third_entry, handles.entry, node_command{verb, "null"});
    drain();
    return foreign_node::answer<std::string>(third_entry);
  };
  CHECK(run("status").error().code == errc::permission_denied);
  REQUIRE(greet(hello_of_third()));
  CHECK(run("status") == R"({"ok":true})");
  CHECK(run("tree").error().code == errc::internal);
  CHECK(run("status").error().code == errc::exhausted);
  REQUIRE(commands.size() == 1);
  commands[0](std::string(21, 'x'));
  drain();
  CHECK(foreign_node::answer<std::string>(third_entry).error()
        == failure{errc::exhausted,
                   "the answer has 21 bytes, at most 20 are sent"});
  CHECK(run("tree").error().code == errc::internal);
  advance(11s);
  CHECK(foreign_node::answer<std::string>(third_entry).error()
        == failure{errc::timed_out, "tree on node n2 took longer than 10s"});
  commands[1](std::string{"late"});
  drain();
  CHECK(foreign_node::of(third_entry).received.empty());
  CHECK(run("status"));
}

TEST_CASE_FIXTURE(membership_fixture,
                  "a hello and its answer carry what each side has "
                  "now") {
  auto from = hello_of_third();
  REQUIRE(greet(from)->registry == nullptr);
  CHECK_FALSE(directory->registry());
  own_registry = spawn_registry(system);
  CHECK(greet(from)->registry == pointer(own_registry));
  end(own_registry);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "the registry is the first node's, whatever others say") {
  auto from = hello_of_third();
  from.registry = third.make();
  REQUIRE(greet(from));
  CHECK_FALSE(directory->registry());
  from.node = "n1";
  from.entry = first_entry;
  verified[first.id] = "n1";
  const auto greet_as_first = [&] {
    foreign_node::ask(first_entry, handles.entry, from);
    drain();
    CHECK(foreign_node::answer<welcome>(first_entry));
  };
  greet_as_first();
  CHECK_FALSE(directory->registry());
  from.registry = first.make();
  greet_as_first();
  CHECK(pointer(directory->registry()) == from.registry);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "goodbye is heard from the member that it is of") {
  const auto watching = watcher();
  REQUIRE(greet(hello_of_third()));
  const auto say = [&](const caf::strong_actor_ptr& from) {
    foreign_node::ask(from, handles.entry, goodbye{"n3", 1, "stop"});
    drain();
    return foreign_node::answer<bool>(from);
  };
  CHECK(say(first_entry) == false);
  CHECK(say(third_entry) == true);
  CHECK(*told == "up n2 up n3 left n3 ");
  foreign_node::lose(third_entry);
  drain();
  CHECK(*told == "up n2 up n3 left n3 ");
  end(watching);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "leaving says goodbye to members, and only an actor "
                  "of the node decides it") {
  REQUIRE(greet(hello_of_third()));
  foreign_node::ask(third_entry, handles.members, leave_cluster{"mischief"});
  drain();
  CHECK(foreign_node::answer<std::uint64_t>(third_entry).error().code
        == errc::permission_denied);
  auto pending =
      self->request(handles.members, caf::infinite, leave_cluster{"stop"});
  drain();
  REQUIRE(foreign_node::of(third_entry).received.size() == 1);
  CHECK(foreign_node::of(third_entry).received[0].get_as<goodbye>(0)
        == goodbye{"n2", 3, "stop"});
  advance(2s);
  pending.receive([](std::uint64_t heard) { CHECK(heard == 0); },
                  [](const caf::error&) { FAIL("no answer"); });
  CHECK(greet(hello_of_third()).error().code == errc::unavailable);
  CHECK(member_named("n2").state == member_state::left);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "a process that others know to be old is fenced") {
  auto from = hello_of_third();
  from.known_incarnation = 4;
  CHECK(greet(from).error().code == errc::permission_denied);
  CHECK(fence == "it knows incarnation 4 of node n2, this is the older 3");
}

TEST_CASE_FIXTURE(membership_fixture,
                  "watchers are bounded and forgotten when they die") {
  const auto one = watcher();
  const auto other = note_taker();
  CHECK(ask<std::uint64_t>(handles.members, watch_members{pointer(one)}) == 1u);
  CHECK(ask<std::uint64_t>(handles.members, watch_members{pointer(other)})
            .error()
            .code
        == errc::exhausted);
  CHECK(ask<std::uint64_t>(handles.members, watch_members{}).error().code
        == errc::invalid_argument);
  end(one);
  CHECK(ask<std::uint64_t>(handles.members, watch_members{pointer(other)})
        == 1u);
  end(other);
}

TEST_CASE_FIXTURE(membership_fixture,
                  "settings that do not fit together start nothing") {
  const auto refusal = [&](auto change) {
    auto wrong = options();
    change(wrong.settings);
    const auto started =
        spawn_membership(system, wrong, {}, std::make_shared<peer_directory>());
    REQUIRE_FALSE(started);
    return started.error().message;
  };
  CHECK(refusal([](auto& settings) { settings.self = "n9"; })
        == "membership: self: expected one of the cluster's nodes, got \"n9\"");
  CHECK(refusal([](auto& settings) {
          settings.nodes = {"n2", "n2"};
        })
        == "membership: nodes: expected names that differ, got \"n2\"");
  CHECK(refusal([](auto& settings) { settings.incarnation = 0; })
        == "membership: incarnation: expected at least 1, got 0");
}

} // namespace weft::actors
