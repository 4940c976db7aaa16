#include "tests/unit/spaces/client_fixture.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

/// A watch, under the number 1, over one shard or all, that has begun.
struct watch_fixture : client_fixture {
  explicit watch_fixture(bool all = true) {
    ask(call::watch{all ? p("[_, _]") : p(at(1)), {}});
    CHECK(effects().size() == (all ? shards : 1));
    for (std::size_t shard = 0; shard < shards; ++shard)
      if (all || shard == 1)
        told = reply(shard, 1, reply::done{});
  }

  texts fetch(duration timeout = 10s, std::size_t limit = 100) {
    ask(call::fetch{1, limit, timeout});
    return effects();
  }

  texts told;
};

} // namespace

TEST_CASE("a watch over one shard fetches from it") {
  watch_fixture f{false};
  CHECK(f.told.front().starts_with("1: done"));
  CHECK(f.fetch() == texts{"fetch of 1 to 1"});
  CHECK(f.reply(1, "fetch of 1 to 1", f.added({"[1]"}))
        == texts{"2: added [1]"});
}

TEST_CASE("a watch over all shards has begun when all have") {
  client_fixture f;
  f.ask(call::watch{p("[_, _]"), {}});
  CHECK(f.effects().size() == 3);
  CHECK(f.reply(0, 1, reply::done{}).empty());
  CHECK(f.reply(2, 1, reply::done{}).empty());
  CHECK(f.reply(1, 1, reply::done{}) == texts{"1: done"});
}

TEST_CASE("a watch that one shard refuses ends in the others") {
  client_fixture f;
  f.ask(call::watch{p("[_, _]"), {}});
  f.effects();
  CHECK(f.reply(0, 1, reply::done{}).empty());
  CHECK(f.reply(1, 1, failure{errc::exhausted, "full"})
        == texts{"1: exhausted", "stop of 1 by 7 to 0", "stop of 1 by 7 to 2"});
  f.ask(call::fetch{1, 1, {}});
  CHECK(f.effects() == texts{"2: not_found"});
}

TEST_CASE("a fetch has the first news and others wait for the next one") {
  watch_fixture f;
  CHECK(f.fetch().size() == 3);
  CHECK(f.reply(0, "fetch of 1 to 0", f.added({"[1]"}))
        == texts{"2: added [1]"});
  CHECK(f.reply(1, "fetch of 1 to 1", f.added({"[2]"})).empty());
  CHECK(f.reply(2, "fetch of 1 to 2", f.added({"[3]"})).empty());
  CHECK(f.fetch() == texts{"3: added [2], added [3]"});
  CHECK(f.fetch().size() == 3);
}

TEST_CASE("a fetch has no more events than it asks for") {
  watch_fixture f{false};
  f.fetch();
  auto many = f.added({"[1]", "[2]", "[3]"});
  many.dropped = 5;
  f.pass(10s);
  CHECK(f.reply(1, "fetch of 1 to 1", many).empty());
  CHECK(f.fetch(10s, 2) == texts{"3: added [1], added [2], 5 dropped, more"});
  CHECK(f.fetch(10s, 2) == texts{"4: added [3]"});
}

TEST_CASE("a fetch whose time is up has nothing") {
  watch_fixture f;
  f.fetch();
  CHECK(f.pass(10s) == texts{"2: no events"});
  CHECK(f.client.open_calls() == 0);
}

TEST_CASE("a fetch that does not wait has what all shards have now") {
  watch_fixture f;
  CHECK(f.fetch({}).size() == 3);
  CHECK_FALSE(f.client.next_deadline() == f.now);
  CHECK(f.reply(0, "fetch of 1 to 0", reply::events{}).empty());
  CHECK(f.reply(1, "fetch of 1 to 1", reply::events{}).empty());
  CHECK(f.reply(2, "fetch of 1 to 2", reply::events{})
        == texts{"2: no events"});
  f.fetch({});
  CHECK(f.reply(2, "fetch of 1 to 2", f.added({"[1]"}))
        == texts{"3: added [1]"});
}

TEST_CASE("a shard whose answer was for an earlier fetch is asked again") {
  watch_fixture f{false};
  f.fetch(10s);
  f.pass(10s);
  CHECK(f.fetch(10s).empty());
  f.pass(1s);
  CHECK(f.reply(1, "fetch of 1 to 1", reply::events{})
        == texts{"fetch of 1 to 1"});
  CHECK(f.reply(1, "fetch of 1 to 1", f.added({"[1]"}))
        == texts{"3: added [1]"});
}

TEST_CASE("only one fetch may wait, and it can be stopped") {
  watch_fixture f{false};
  f.fetch();
  CHECK(f.fetch() == texts{"3: already_exists"});
  f.ask(call::stop{2});
  CHECK(f.effects() == texts{"4: done"});
  CHECK(f.reply(1, "fetch of 1 to 1", f.added({"[1]"})).empty());
  CHECK(f.fetch() == texts{"5: added [1]"});
  f.ask(call::fetch{1, 0, {}});
  f.ask(call::fetch{1, 1, duration::max()});
  CHECK(f.effects() == texts{"6: invalid_argument", "7: invalid_argument"});
}

TEST_CASE("a watch that is stopped ends everywhere, and the fetch with it") {
  watch_fixture f;
  f.fetch();
  f.ask(call::stop{1});
  CHECK(f.effects()
        == texts{"2: not_found", "3: done", "stop of 1 by 7 to 0",
                 "stop of 1 by 7 to 1", "stop of 1 by 7 to 2"});
  CHECK(f.client.awaited() == 0);
  CHECK(f.reply(1, "fetch of 1 to 1", f.added({"[1]"})).empty());
  CHECK(f.fetch() == texts{"4: not_found"});
}

TEST_CASE("a watch ends when one shard ends it, after what it saw") {
  watch_fixture f;
  f.fetch();
  auto last = f.added({"[1]", "[2]"});
  last.ended = true;
  CHECK(f.reply(1, "fetch of 1 to 1", last)
        == texts{"2: added [1], added [2], ended", "stop of 1 by 7 to 0",
                 "stop of 1 by 7 to 2"});
  CHECK(f.fetch() == texts{"3: not_found"});
  CHECK(f.client.awaited() == 0);
}

TEST_CASE("a watch ends when a shard is lost") {
  watch_fixture f;
  f.fetch();
  f.away(1);
  CHECK(f.pass(5s).front() == "2: ended");
  CHECK(f.fetch() == texts{"3: not_found"});

  watch_fixture idle{false};
  idle.replace(1);
  idle.fetch();
  CHECK(idle.reply(1, "fetch of 1 to 1", failure{errc::not_found, "ended"})
        == texts{"2: ended"});
}

TEST_CASE("a watch that was not begun when its shard was lost is refused") {
  client_fixture f{{}, false};
  f.ask(call::watch{p("[_, _]"), {}});
  CHECK(f.pass(5s) == texts{"1: unavailable"});
  CHECK(f.client.awaited() == 0);
  CHECK(f.client.open_calls() == 0);
}

} // namespace weft::spaces
