#include "tests/unit/spaces/client_fixture.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

const auto somewhere = pattern_of(match::any{}, match::any{});

} // namespace

TEST_CASE("what is asked of a shard that is not there yet waits for it") {
  client_fixture f{{}, false};
  f.ask(call::count{p(f.at(0))});
  CHECK(f.effects().empty());
  CHECK(f.client.next_deadline() == f.now + 5s);
  f.client.on_up(0, false, f.now);
  CHECK(f.effects() == texts{"count 1 to 0"});
}

TEST_CASE("a shard that comes back is sent what it has not acknowledged") {
  client_fixture f;
  f.loses_frames = true;
  f.ask(call::write{{{t(f.at(0)), {}}}});
  f.effects();
  f.loses_frames = false;
  CHECK(f.away(0).empty());
  CHECK_FALSE(f.client.is_up(0));
  f.ask(call::write{{{t(f.at(0)), {}}}});
  CHECK(f.pass(4s).empty());
  const auto session = f.client.session_with(0);
  CHECK(f.back(0) == texts{"write 1 to 0", "write 2 to 0"});
  CHECK(f.client.session_with(0) == session);
  CHECK(f.pass(1h).empty());
}

TEST_CASE("calls to a shard that does not come back fail after a while") {
  client_fixture f;
  f.ask(call::write{{{t(f.at(0)), {}}}});
  f.ask(call::count{p(f.at(0))});
  f.effects();
  f.away(0);
  f.ask(call::write{{{t(f.at(0)), {}}}});
  f.ask(call::count{p(f.at(1))});
  f.effects();
  CHECK(f.client.next_deadline() <= f.now + 5s);
  const auto session = f.client.session_with(0);
  CHECK(f.pass(5s)
        == texts{"1: timed_out", "2: unavailable", "3: unavailable"});
  CHECK(f.client.session_with(0) != session);
  CHECK(f.client.open_calls() == 1);
  f.ask(call::count{p(f.at(0))});
  CHECK(f.pass(4s).empty());
  CHECK(f.pass(1s) == texts{"5: unavailable"});
}

TEST_CASE("a shard that begins the session anew has lost what it had") {
  client_fixture f;
  f.ask(call::take{p(f.at(0)), 10s, {}});
  f.ask(call::read{p(f.at(0)), 10s});
  f.ask(call::take{p(f.at(1)), 10s, {}});
  f.effects();
  f.away(0);
  f.ask(call::write{{{t(f.at(0)), {}}}});
  CHECK(f.replace(0)
        == texts{"1: timed_out", "2: unavailable", "4: unavailable"});
  f.ask(call::count{p(f.at(0))});
  CHECK(f.effects() == texts{"count 5 to 0"});
  CHECK(f.reply(0, 5, reply::counted{3}) == texts{"5: counted 3 @0"});
  CHECK(f.client.open_calls() == 1);
}

TEST_CASE("a claim that was lost with its shard is not left there") {
  client_fixture f;
  f.ask(call::take{p(f.at(0)), {}, 1h});
  f.effects();
  f.reply(0, 1, f.found("[1]", 3));
  f.replace(0);
  CHECK_FALSE(f.client.knows(7));
  f.client.drop_user(7, f.now);
  CHECK(f.effects().empty());
}

TEST_CASE("a take over all shards goes on without one, and with it again") {
  client_fixture f;
  f.ask(call::take{somewhere, 1h, {}});
  CHECK(f.effects().size() == 3);
  f.away(1);
  CHECK(f.pass(5s).empty());
  f.reply(0, 1, reply::offered{{8, {}}});
  CHECK(f.reply(0, "take_offer of 1 to 0", reply::found{}).empty());
  f.ends[1] = client_fixture::shard_end{};
  f.client.on_up(1, false, f.now);
  CHECK(f.effects() == texts{"interest 1 to 1"});
  CHECK(f.reply(1, 1, reply::offered{{9, {}}})
        == texts{"take_offer of 1 to 1"});
  CHECK(f.reply(1, "take_offer of 1 to 1", f.found("[1]")).front()
        == "1: [1] @1");
}

TEST_CASE("a take is unknown when the shard was lost that was to give it") {
  client_fixture f;
  f.ask(call::take{somewhere, 1h, {}});
  f.effects();
  f.reply(1, 1, reply::offered{{8, {}}});
  f.away(1);
  CHECK(f.pass(5s)
        == texts{"1: timed_out", "stop of 1 by 7 to 0", "stop of 1 by 7 to 2"});
  f.ask(call::take{somewhere, {}, {}});
  CHECK(f.effects() == texts{"take 2 to 0"});
  f.away(0);
  CHECK(f.pass(5s) == texts{"2: timed_out"});
}

TEST_CASE("a take goes on when the shard was lost before it heard of it") {
  client_fixture f;
  f.ask(call::take{somewhere, 1h, {}});
  f.effects();
  f.away(1);
  // The shard had spoken before; what it is asked then is not sent.
  f.reply(1, 1, reply::offered{{8, {}}});
  CHECK(f.pass(5s).empty());
  CHECK(f.reply(2, 1, reply::offered{{9, {}}})
        == texts{"take_offer of 1 to 2"});

  client_fixture g{{}, false};
  g.client.on_up(1, false, g.now);
  g.ask(call::take{somewhere, {}, {}});
  CHECK(g.pass(5s) == texts{"take 1 to 1"});
}

TEST_CASE("an empty answer is not given without all shards") {
  client_fixture f{{}, false};
  f.client.on_up(1, false, f.now);
  f.client.on_up(2, false, f.now);
  f.away(0);
  f.pass(5s);
  f.ask(call::take{somewhere, {}, {}});
  f.effects();
  f.reply(1, 1, reply::found{});
  CHECK(f.reply(2, 1, reply::found{}) == texts{"1: unavailable"});
  f.ask(call::read{somewhere, {}});
  f.effects();
  CHECK(f.reply(1, 2, f.found("[1]")) == texts{"2: [1] @1"});
  f.ask(call::count{somewhere});
  f.ask(call::take_all{somewhere, 9, {}});
  CHECK(f.effects() == texts{"3: unavailable", "4: unavailable"});
}

TEST_CASE("what was taken is handed over though a later shard is lost") {
  client_fixture f;
  f.ask(call::take_all{somewhere, 9, {}});
  f.effects();
  CHECK(f.reply(0, 1, f.found("[1]")) == texts{"take_all 1 to 1"});
  f.away(1);
  CHECK(f.pass(5s) == texts{"1: [1] @0"});
}

TEST_CASE("a shard that breaks and returns has its patience each time") {
  client_fixture f;
  f.ask(call::take{p(f.at(0)), 1h, {}});
  f.effects();
  for (int i = 0; i < 5; ++i) {
    f.away(0);
    CHECK(f.pass(4s).empty());
    f.back(0);
  }
  CHECK(f.client.open_calls() == 1);
}

} // namespace weft::spaces
