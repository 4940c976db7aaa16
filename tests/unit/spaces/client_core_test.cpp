#include "tests/unit/spaces/client_fixture.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

const auto anywhere = pattern_of(match::any{}, match::any{});

/// A waiting take over all shards, whose interests are on their way.
call_number waiting_take(client_fixture& f,
                         std::optional<duration> claim_lease = {}) {
  const auto number = f.ask(call::take{anywhere, 10s, claim_lease});
  CHECK(f.effects().size() == client_fixture::shards);
  return number;
}

} // namespace

TEST_CASE("a call that fixes the routing fields goes to one shard") {
  client_fixture f;
  f.ask(call::write{{{t(f.at(2)), {}}}});
  CHECK(f.effects() == texts{"write 1 to 2"});
  CHECK(f.reply(2, 1, reply::written{{{5, {}}}}) == texts{"1: wrote 5 @2"});
  f.ask(call::take{p(f.at(1)), 5s, {}});
  CHECK(f.effects() == texts{"take 2 to 1"});
  CHECK(f.reply(1, 2, f.found("[1]")) == texts{"2: [1] @1"});
  f.ask(call::release{3}, 0);
  CHECK(f.effects() == texts{"release 3 to 0"});
  CHECK(f.client.open_calls() == 1);
  CHECK(f.reply(0, 3, failure{errc::not_found, "gone"})
        == texts{"3: not_found @0"});
  CHECK(f.client.open_calls() == 0);
  CHECK(f.client.awaited() == 0);
}

TEST_CASE("calls that come together share a frame") {
  client_fixture f;
  f.ask(call::take{p(f.at(1)), 5s, {}});
  f.ask(call::take{p(f.at(1)), 5s, {}});
  const auto first = f.client.next_effect(f.now);
  REQUIRE(first);
  CHECK(std::get<client_effect::send>(*first).frame.items->size() == 2);
  CHECK_FALSE(f.client.next_effect(f.now));
}

TEST_CASE("a call that cannot be one step is refused at once") {
  client_fixture f;
  f.ask(call::write{{{t(f.at(0)), {}}, {t(f.at(1)), {}}}});
  f.ask(call::release{1});
  f.ask(call::interest{anywhere, 1s, {}});
  CHECK(
      f.effects()
      == texts{"1: unsupported", "2: invalid_argument", "3: invalid_argument"});
}

TEST_CASE("an answer that comes twice or to nothing is ignored") {
  client_fixture f;
  f.ask(call::take{p(f.at(0)), 5s, {}});
  f.effects();
  CHECK(f.reply(0, 9, reply::done{}).empty());
  CHECK(f.reply(0, 1, f.found("[1]")).size() == 1);
  CHECK(f.reply(0, 1, f.found("[1]")).empty());
}

TEST_CASE("a take that does not wait asks the shards one by one") {
  client_fixture f;
  f.ask(call::take{anywhere, {}, {}});
  CHECK(f.effects() == texts{"take 1 to 0"});
  CHECK(f.reply(0, 1, reply::found{}) == texts{"take 1 to 1"});
  CHECK(f.reply(1, 1, f.found("[1]", 4)) == texts{"1: [1] claim 4 @1"});
}

TEST_CASE("a take that waits takes the first offer and ends the other waits") {
  client_fixture f;
  CHECK(waiting_take(f) == 1);
  CHECK(f.reply(1, 1, reply::offered{{8, {}}})
        == texts{"take_offer of 1 to 1"});
  CHECK(f.reply(2, 1, reply::offered{{9, {}}}).empty());
  CHECK(f.reply(1, "take_offer of 1 to 1", f.found("[1]"))
        == texts{"1: [1] @1", "stop of 1 by 7 to 0", "stop of 1 by 7 to 2"});
  CHECK(f.client.awaited() == 0);
}

TEST_CASE("when the time of a take is up it ends everywhere") {
  client_fixture f;
  waiting_take(f);
  CHECK(f.client.next_deadline() == f.now + 2s);
  CHECK(f.reply(0, 1, reply::timed_out{}).empty());
  CHECK(f.pass(10s)
        == texts{"1: nothing", "stop of 1 by 7 to 1", "stop of 1 by 7 to 2"});
  CHECK(f.client.open_calls() == 0);
  CHECK(f.client.awaited() == 0);
}

TEST_CASE("a read that waits has the first answer") {
  client_fixture f;
  f.ask(call::read{anywhere, 10s});
  CHECK(f.effects().size() == 3);
  CHECK(f.reply(2, 1, f.found("[1]"))
        == texts{"1: [1] @2", "stop of 1 by 7 to 0", "stop of 1 by 7 to 1"});
}

TEST_CASE("many and counts are put together from all shards") {
  client_fixture f;
  f.ask(call::read_all{anywhere, 2});
  f.ask(call::count{anywhere});
  f.ask(call::clear{});
  f.ask(call::statistics{});
  CHECK(f.effects().size() == 12);
  texts all;
  for (std::size_t shard = 3; shard-- > 0;) {
    f.reply(shard, 1, f.found(f.at(shard)));
    f.reply(shard, 2, reply::counted{shard + 1});
    f.reply(shard, 3, reply::counted{10});
    space_statistics statistics;
    statistics.index.tuples = shard;
    f.ends[shard].push({4, reply::statistics{statistics}}, 1);
    f.client.on_frame(shard, *f.ends[shard].next_frame(f.now), f.now);
    for (const auto& each : f.effects())
      all.push_back(each);
  }
  CHECK(f.client.open_calls() == 0);
  CHECK(all == texts{"4: 0 tuples"});
}

TEST_CASE("statistics are told shard by shard") {
  client_fixture f;
  f.ask(call::statistics{});
  f.effects();
  for (std::size_t shard = 0; shard < 3; ++shard) {
    space_statistics statistics;
    statistics.written = 10 + shard;
    f.ends[shard].push({1, reply::statistics{statistics}}, 1);
    f.client.on_frame(shard, *f.ends[shard].next_frame(f.now), f.now);
  }
  const auto told = f.client.next_effect(f.now);
  REQUIRE(told);
  const auto& answer = std::get<client_effect::answered>(*told).answer;
  CHECK(!answer.shard);
  REQUIRE(answer.statistics.size() == 3);
  CHECK(answer.statistics[2].written == 12);
}

TEST_CASE("a take of many stops at its limit") {
  client_fixture f;
  f.ask(call::take_all{anywhere, 1, {}});
  CHECK(f.effects() == texts{"take_all 1 to 0"});
  CHECK(f.reply(0, 1, reply::found{}) == texts{"take_all 1 to 1"});
  CHECK(f.reply(1, 1, f.found("[1]")) == texts{"1: [1] @1"});
}

TEST_CASE("what one shard refuses is refused") {
  client_fixture f;
  waiting_take(f);
  CHECK(f.reply(1, 1, failure{errc::exhausted, "full"})
        == texts{"1: exhausted", "stop of 1 by 7 to 0", "stop of 1 by 7 to 2"});
  f.ask(call::count{anywhere});
  f.ask(call::clear{});
  f.effects();
  CHECK(f.reply(0, 2, failure{errc::exhausted, "full"}).front()
        == "2: exhausted");
  CHECK(f.reply(0, 3, failure{errc::exhausted, "full"})
        == texts{"3: exhausted"});
}

TEST_CASE("a refusal waits for the tuple that another shard hands out") {
  for (const bool got : {true, false}) {
    client_fixture f;
    waiting_take(f);
    f.reply(0, 1, reply::offered{{8, {}}});
    CHECK(f.reply(1, 1, failure{errc::exhausted, "full"}).empty());
    const auto told = f.reply(0, "take_offer of 1 to 0",
                              got ? f.found("[1]") : reply::found{});
    CHECK(told.front() == (got ? "1: [1] @0" : "1: exhausted"));
    CHECK(f.client.open_calls() == 0);
  }
}

TEST_CASE("a stop ends what waits in one shard or in all") {
  client_fixture f;
  f.ask(call::take{p(f.at(2)), 10s, {}});
  f.ask(call::take{anywhere, 10s, {}});
  f.effects();
  f.ask(call::stop{1});
  CHECK(f.effects() == texts{"3: done", "stop of 1 by 7 to 2"});
  f.ask(call::stop{2});
  CHECK(f.effects()
        == texts{"4: done", "stop of 2 by 7 to 0", "stop of 2 by 7 to 1",
                 "stop of 2 by 7 to 2"});
  CHECK(f.client.open_calls() == 0);
  CHECK(f.client.awaited() == 0);
  CHECK(f.reply(2, 1, f.found("[1]")).empty());
  f.ask(call::stop{1});
  CHECK(f.effects() == texts{"5: done"});
}

TEST_CASE("nobody stops what is another's") {
  client_fixture f;
  f.ask(call::take{p(f.at(2)), 10s, {}});
  f.ask(call::watch{anywhere, {}});
  f.effects();
  f.user = 8;
  f.ask(call::stop{1});
  f.ask(call::stop{2});
  f.ask(call::fetch{2, 1, {}});
  CHECK(f.effects() == texts{"3: done", "4: done", "5: not_found"});
  CHECK(f.client.open_calls() == 2);
}

TEST_CASE("a user that is gone is answered no more and leaves") {
  client_fixture f;
  f.ask(call::write{{{t(f.at(0)), {}}}});
  f.ask(call::take{p(f.at(2)), 10s, {}});
  f.ask(call::count{anywhere});
  f.effects();
  CHECK(f.client.knows(7));
  f.client.drop_user(7, f.now);
  CHECK_FALSE(f.client.knows(7));
  const auto told = f.effects();
  CHECK(std::count(told.begin(), told.end(), "leave by 7 to 2") == 1);
  CHECK(std::count(told.begin(), told.end(), "leave by 7 to 0") == 0);
  CHECK(f.client.open_calls() == 0);
  CHECK(f.reply(0, 1, reply::written{{{1, {}}}}).empty());
  f.client.drop_user(7, f.now);
  CHECK(f.effects().empty());
}

TEST_CASE("whoever waits or watches everywhere leaves everywhere") {
  client_fixture f;
  f.ask(call::take{anywhere, 10s, {}});
  f.ask(call::watch{anywhere, {}});
  f.ask(call::fetch{2, 1, 10s});
  f.effects();
  f.ask(call::leave{});
  texts left;
  for (const auto& each : f.effects())
    if (each.starts_with("leave"))
      left.push_back(each);
  CHECK(left == texts{"leave by 7 to 0", "leave by 7 to 1", "leave by 7 to 2"});
  CHECK(f.client.awaited() == 0);
}

TEST_CASE("a user with nothing open that may hold something is known") {
  client_fixture f;
  f.ask(call::take{p(f.at(0)), {}, 5s});
  f.effects();
  f.reply(0, 1, f.found("[1]", 3));
  CHECK(f.client.knows(7));
  f.user = 8;
  f.ask(call::count{p(f.at(0))});
  f.effects();
  CHECK(f.client.knows(8));
  f.reply(0, 2, reply::counted{0});
  CHECK_FALSE(f.client.knows(8));
}

TEST_CASE("what is above a limit is refused before anything is sent") {
  client_fixture f{
      {.link = {.items_max = 2, .bytes_max = 4096}, .calls_max = 3}};
  const auto wide = tuple_of("x", std::string(5000, 'x'));
  f.ask(call::take{anywhere, -1s, {}});
  f.ask(call::read{anywhere, duration::max()});
  CHECK(f.effects() == texts{"1: invalid_argument", "2: invalid_argument"});
  f.ask(call::take{p(f.at(0)), 1s, {}});
  f.ask(call::take{p(f.at(0)), 1s, {}});
  f.ask(call::take{p(f.at(0)), 1s, {}});
  f.ask(call::count{anywhere});
  CHECK(f.effects()
        == texts{"5: exhausted", "6: exhausted", "take 3 to 0", "take 4 to 0"});
  f.ask(call::write{{{wide, {}}}});
  f.ask(call::write{{{wide, {}}}});
  CHECK(f.effects().front() == "8: exhausted");
  CHECK(f.client.open_calls() == 3);
}

TEST_CASE("a call that is too large to be sent is refused") {
  client_fixture f;
  std::vector<new_tuple> tuples;
  for (int i = 0; i < 6; ++i)
    tuples.push_back(
        {tuple_of("x", std::string(tuple_bytes_max - 8, 'x')), {}});
  f.ask(call::write{tuples});
  CHECK(f.effects() == texts{"1: invalid_argument"});
}

TEST_CASE("stopping and leaving need no room") {
  client_fixture f{{.link = {.items_max = 1}}, false};
  f.ask(call::take{p(f.at(0)), 1s, {}});
  f.ask(call::stop{1});
  f.client.drop_user(7, f.now);
  f.client.on_up(0, false, f.now);
  CHECK(f.effects()
        == texts{"2: done", "take 1 to 0", "stop of 1 by 7 to 0",
                 "leave by 7 to 0"});
}

} // namespace weft::spaces
