#include "actors/space/space_client.hpp"
#include "actors/space/space_shard.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace weft::actors {

namespace {

/// A shard on this node, and a client of it on another one.
struct rights_fixture : actors_fixture {
  foreign_node other{system, 1};
  caf::strong_actor_ptr client = other.make();
  space_shard_actor shard;

  ~rights_fixture() {
    end(shard);
    foreign_node::of(client).received.clear();
  }

  void start(std::function<bool(const caf::node_id&)> may_use) {
    shard_options options;
    options.space = "lab/default/jobs";
    options.may_use = std::move(may_use);
    shard = spawn_space_shard(system, options);
  }

  result<bool> open(const caf::strong_actor_ptr& as) {
    foreign_node::ask(client, shard, open_session{7, false, as});
    drain();
    return foreign_node::answer<bool>(client);
  }

  /// Whether a shard takes the calls of session 7.
  bool takes_calls() {
    foreign_node::ask(client, shard, session_packet{7, 0, 0, 1, "x"});
    drain();
    auto& received = foreign_node::of(client).received;
    const bool refused = std::ranges::any_of(received, [](auto& each) {
      return each.template match_elements<session_packet>()
             && each.template get_as<session_packet>(0).parts == 0;
    });
    received.clear();
    return !refused;
  }
};

} // namespace

TEST_CASE_FIXTURE(rights_fixture,
                  "a shard opens no session for a node that may not use it") {
  caf::node_id asked;
  start([&](const caf::node_id& node) {
    asked = node;
    return false;
  });
  CHECK(open(client).error()
        == failure{errc::permission_denied,
                   "the node may not use the space lab/default/jobs"});
  CHECK(asked == other.id);
  CHECK_FALSE(takes_calls());
}

TEST_CASE_FIXTURE(rights_fixture,
                  "a shard that knows of no rights is its own node's") {
  start({});
  CHECK(open(client).error().code == errc::permission_denied);
  CHECK_FALSE(takes_calls());
}

TEST_CASE_FIXTURE(rights_fixture,
                  "a client that a message names is not asked for its rights") {
  start([this](const caf::node_id& node) { return node == system.node(); });
  const auto ours = idler();
  CHECK(open(pointer(ours)).error().code == errc::invalid_argument);
  CHECK_FALSE(takes_calls());
  end(ours);
}

TEST_CASE_FIXTURE(rights_fixture, "a node with the right has a session") {
  start([this](const caf::node_id& node) { return node == other.id; });
  CHECK(open(client) == false);
}

TEST_CASE_FIXTURE(actors_fixture, "a client believes the registry alone") {
  foreign_node other{system, 1};
  const auto stranger = other.make();
  const auto false_shard = other.make();
  const auto true_shard = other.make();
  const auto registry =
      spawn_registry(system, {}, [](const auto&, auto) { return true; });
  space_client_options options;
  options.name_prefix = "space/lab/default/jobs";
  options.find_registry = [registry] { return registry; };
  const auto client = spawn_space_client(system, options);
  drain();
  const auto named = [](const caf::strong_actor_ptr& actor) {
    return registration{"space/lab/default/jobs/0", "", "n1", actor};
  };
  post(client, name_event{named(false_shard), true});
  foreign_node::ask(stranger, client, name_event{named(false_shard), true});
  drain();
  CHECK(foreign_node::of(false_shard).received.empty());
  foreign_node::ask(stranger, registry, register_name{named(true_shard)});
  drain();
  auto& received = foreign_node::of(true_shard).received;
  REQUIRE(received.size() == 1);
  CHECK(received[0].match_elements<open_session>());
  received.clear();
  foreign_node::of(stranger).received.clear();
  end(client);
  end(registry);
}

} // namespace weft::actors
