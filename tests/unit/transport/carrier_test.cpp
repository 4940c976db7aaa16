#include "tests/unit/transport/strangers.hpp"
#include "tests/unit/transport/support.hpp"

#include <random>

namespace weft::test {

TEST_CASE("two nodes talk over TLS in both directions") {
  demo_node one{"n1"}, two{"n2"};
  const auto where = one.listen();
  CHECK(where.port != 0);
  auto reached = demo_node::await(two.connect(where, "n1"));
  REQUIRE_MESSAGE(reached, reached.error().message);
  CHECK(reached->name == "n1");
  CHECK(reached->node == one.system.node());
  auto entry = caf::actor_cast<echo_actor>(reached->entry);
  CHECK(two.ask(entry, "ada") == "hello, ada");
  CHECK(demo_node::await(one.name_of(two.system.node())) == "n2");
  CHECK(demo_node::await(two.name_of(one.system.node())) == "n1");
  CHECK(demo_node::await(two.name_of(two.system.node())) == "n2");
  const auto stranger = demo_node::await(one.name_of(
      caf::make_node_id(7, "0123456789abcdef0123456789abcdef01234567")
          .value()));
  REQUIRE_FALSE(stranger);
  CHECK(stranger.error().code == errc::not_found);
}

TEST_CASE("plain connections carry the same, but prove no name") {
  demo_node one{"n1", false}, two{"n2", false};
  CHECK(two.greet(one.listen(), "n1") == "hello, n1");
  const auto name = demo_node::await(two.name_of(one.system.node()));
  REQUIRE_FALSE(name);
  CHECK(name.error().code == errc::unsupported);
}

TEST_CASE("plain connections are refused off loopback") {
  demo_node one{"n1", false};
  const auto listening = one.net->listen({"0.0.0.0", 0}, nullptr);
  REQUIRE_FALSE(listening);
  CHECK(listening.error().code == errc::permission_denied);
  CHECK(listening.error().message.find("weft certs") != std::string::npos);
  const auto dialed = demo_node::await(one.connect({"192.0.2.1", 1}, "n2"));
  REQUIRE_FALSE(dialed);
  CHECK(dialed.error().code == errc::permission_denied);
}

TEST_CASE("large messages cross in both directions at once, intact") {
  demo_node one{"n1"}, two{"n2"};
  auto to_one = demo_node::await(two.connect(one.listen(), "n1"));
  auto to_two = demo_node::await(one.connect(two.listen(), "n2"));
  REQUIRE(to_one);
  REQUIRE(to_two);
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  const auto exchange = [seed](demo_node& from, const peer& to) {
    std::mt19937 random{seed};
    caf::scoped_actor self{from.system};
    auto target = caf::actor_cast<echo_actor>(to.entry);
    int good = 0;
    for (int round = 0; round < 16; ++round) {
      std::vector<std::uint8_t> bytes((1u << 20) + random() % 5);
      for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
      request(self.ptr(), target, patience, blob_atom_v, bytes)
          .receive(
              [&](std::vector<std::uint8_t>& back) { good += back == bytes; },
              [](caf::error&) {});
    }
    return good;
  };
  auto there = std::async(std::launch::async, exchange, std::ref(two), *to_one);
  CHECK(exchange(one, *to_two) == 16);
  CHECK(there.get() == 16);
}

TEST_CASE("a carrier that stops ends the monitors of both sides") {
  demo_node one{"n1"};
  auto two = std::make_unique<demo_node>("n2");
  const auto at_one = one.listen();
  auto to_one = demo_node::await(two->connect(at_one, "n1"));
  auto to_two = demo_node::await(one.connect(two->listen(), "n2"));
  REQUIRE(to_one);
  REQUIRE(to_two);
  watcher seen_by_one{one.system, to_two->entry};
  auto seen_by_two = std::make_unique<watcher>(two->system, to_one->entry);
  two->net->stop();
  CHECK(seen_by_one.wait().code == errc::unavailable);
  CHECK(seen_by_two->wait().code == errc::unavailable);
  seen_by_two.reset();
  two.reset();
  demo_node again{"n2"};
  CHECK(again.greet(at_one, "n1") == "hello, n1");
}

TEST_CASE("nodes that dial each other at once all get through") {
  constexpr int rounds = 25;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    demo_node one{"n1", round % 5 != 0}, two{"n2", round % 5 != 0};
    const auto at_one = one.listen(), at_two = two.listen();
    auto from_one = one.connect(at_two, "n2");
    auto from_two = two.connect(at_one, "n1");
    auto to_two = demo_node::await(std::move(from_one));
    auto to_one = demo_node::await(std::move(from_two));
    REQUIRE_MESSAGE(to_two, to_two.error().message);
    REQUIRE_MESSAGE(to_one, to_one.error().message);
    CHECK(one.ask(caf::actor_cast<echo_actor>(to_two->entry), "a")
          == "hello, a");
    CHECK(two.ask(caf::actor_cast<echo_actor>(to_one->entry), "b")
          == "hello, b");
  }
}

TEST_CASE("dialing a connected node again finds it") {
  demo_node one{"n1"}, two{"n2"};
  const auto where = one.listen();
  for (int round = 0; round < 5; ++round) {
    auto found = demo_node::await(two.connect(where, "n1"));
    REQUIRE(found);
    CHECK(found->node == one.system.node());
    CHECK(two.ask(caf::actor_cast<echo_actor>(found->entry), "x")
          == "hello, x");
  }
}

TEST_CASE("ten nodes connect pairwise, all at once") {
  constexpr int count = 10;
  std::vector<std::unique_ptr<demo_node>> nodes;
  std::vector<config::endpoint> places;
  for (int index = 1; index <= count; ++index) {
    nodes.push_back(std::make_unique<demo_node>("n" + std::to_string(index)));
    places.push_back(nodes.back()->listen());
  }
  std::vector<std::future<result<peer>>> pending;
  for (int from = 0; from < count; ++from)
    for (int to = 0; to < count; ++to)
      if (from != to)
        pending.push_back(nodes[from]->connect(
            places[to], "n" + std::to_string(to + 1), patience));
  int reached = 0;
  for (auto& each : pending) {
    auto outcome = demo_node::await(std::move(each));
    CHECK_MESSAGE(outcome, outcome.error().message);
    reached += outcome.has_value();
  }
  CHECK(reached == count * (count - 1));
}

TEST_CASE("a port that is taken is named, with what to do") {
  demo_node one{"n1"}, two{"n2"};
  const auto where = one.listen();
  const auto taken = two.net->listen(where, nullptr);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == errc::already_exists);
  CHECK(taken.error().message.find("127.0.0.1:" + std::to_string(where.port))
        != std::string::npos);
  CHECK(taken.error().message.find("another port") != std::string::npos);
  CHECK(two.net->listen({"127.0.0.1", 0}, nullptr));
  const auto second = two.net->listen({"127.0.0.1", 0}, nullptr);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::already_exists);
}

TEST_CASE("an address of another machine cannot be listened on") {
  demo_node one{"n1"};
  const auto listening = one.net->listen({"192.0.2.1", 0}, nullptr);
  REQUIRE_FALSE(listening);
  CHECK(listening.error().code == errc::not_found);
}

TEST_CASE("nobody there, a silent server and an unknown host end in time") {
  demo_node one{"n1"}, two{"n2"};
  auto free = two.listen();
  two.net->stop();
  const auto refused = demo_node::await(one.connect(free, "n2"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unavailable);
  CHECK(refused.error().message.find("nothing listens there")
        != std::string::npos);

  silent_server server;
  const auto late = demo_node::await(one.connect(server.where(), "n2", 200ms));
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::timed_out);
  CHECK(late.error().message.find("200ms") != std::string::npos);

  const auto unknown =
      demo_node::await(one.connect({"no-such-host.invalid", 1}, "n2", 500ms));
  REQUIRE_FALSE(unknown);
  CHECK((unknown.error().code == errc::not_found
         || unknown.error().code == errc::timed_out));
}

TEST_CASE("a carrier that stops calls back whoever waits") {
  demo_node one{"n1"};
  std::vector<std::future<result<peer>>> pending;
  silent_server server;
  for (int index = 0; index < 20; ++index)
    pending.push_back(
        one.connect(server.where(), "n2", std::chrono::minutes{5}));
  one.net->stop();
  pending.push_back(one.connect({"127.0.0.1", 1}, "n2"));
  for (auto& each : pending) {
    const auto outcome = demo_node::await(std::move(each));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == errc::cancelled);
  }
  const auto name = demo_node::await(one.name_of({}));
  REQUIRE_FALSE(name);
  CHECK(name.error().code == errc::cancelled);
  const auto listening = one.net->listen({"127.0.0.1", 0}, nullptr);
  REQUIRE_FALSE(listening);
  CHECK(listening.error().code == errc::cancelled);
}

TEST_CASE("a node does not dial itself, by name or by address") {
  demo_node one{"n1"};
  const auto where = one.listen();
  const auto by_name = demo_node::await(one.connect(where, "n1"));
  REQUIRE_FALSE(by_name);
  CHECK(by_name.error().code == errc::invalid_argument);
  const auto by_address = demo_node::await(one.connect(where, "n2"));
  REQUIRE_FALSE(by_address);
  CHECK(by_address.error().code == errc::permission_denied);
  CHECK(by_address.error().message.find("our own name") != std::string::npos);
}

TEST_CASE("more dials than the limit are refused at once") {
  auto how = demo_node::options("n1");
  how.dialing_max = 2;
  demo_node one{how};
  silent_server server;
  const auto where = server.where();
  auto first = one.connect(where, "n2", std::chrono::minutes{5});
  auto second = one.connect(where, "n3", std::chrono::minutes{5});
  const auto third = demo_node::await(one.connect(where, "n4"));
  REQUIRE_FALSE(third);
  CHECK(third.error().code == errc::exhausted);
}

TEST_CASE("bad options are refused before anything starts") {
  network_config config{"n1"};
  caf::actor_system system{config};
  auto how = demo_node::options("n1", false);
  how.node = "not a name";
  CHECK(carrier::make(system, how, {}).error().code == errc::invalid_argument);
  how = demo_node::options("n1", false);
  how.admission.half_open_max = 0;
  CHECK(carrier::make(system, how, {}).error().code == errc::invalid_argument);
  how = demo_node::options("n1");
  how.node = "n2";
  const auto other = carrier::make(system, how, {});
  REQUIRE_FALSE(other);
  CHECK(other.error().message
        == "the actor system is not that of node n2 of cluster demo");
  network_config config_of_two{"n2"};
  caf::actor_system system_of_two{config_of_two};
  const auto others_files = carrier::make(system_of_two, how, {});
  REQUIRE_FALSE(others_files);
  CHECK(others_files.error().message.find("is for node n1, expected n2")
        != std::string::npos);
}

} // namespace weft::test
