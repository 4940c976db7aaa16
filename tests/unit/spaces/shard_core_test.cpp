#include "spaces/shard_core.hpp"
#include "tests/unit/spaces/reply_text.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

/// A shard, asked by users of two sessions.
struct shard_fixture {
  explicit shard_fixture(const space_options& options = {},
                         std::uint64_t seed = 42)
      : shard{options, seed} {}

  shard_core shard;
  time_point now{1h};
  caller by{1, 1};
  call_number last = 0;

  /// The answer at once, or "waits".
  std::string ask(any_call what) {
    const auto got = shard.submit(by, ++last, std::move(what), now);
    return got ? words_of(*got) : "waits";
  }
  std::string ask_as(const caller& who, any_call what) {
    const auto before = std::exchange(by, who);
    auto got = ask(std::move(what));
    by = before;
    return got;
  }

  void write(std::string_view text) { ask(call::write{{{t(text), {}}}}); }

  /// The claim on what was claimed at once.
  claim_id claim(std::string_view what, duration lease = 1h) {
    const auto got =
        shard.submit(by, ++last, call::take{p(what), {}, lease}, now);
    REQUIRE(got);
    const auto* found = std::get_if<reply::found>(&*got);
    REQUIRE(found);
    REQUIRE(found->claim != 0);
    return found->claim;
  }

  /// Later answers, as "session.user number: reply".
  texts later() {
    texts all;
    while (const auto next = shard.next_reply())
      all.push_back(fmt::format("{}.{} {}: {}", next->to.session, next->to.user,
                                next->number, words_of(next->what)));
    return all;
  }

  texts pass(duration time) {
    now += time;
    shard.advance(now);
    return later();
  }
};

constexpr caller other{2, 7};

any_call swap_of(const char* what, const char* with,
                 const char* expected = nullptr) {
  call::swap made;
  made.what = p(what);
  made.with.what = t(with);
  if (expected)
    made.expected = t(expected);
  return made;
}

} // namespace

TEST_CASE("a shard answers at once what does not wait") {
  shard_fixture f;
  CHECK(f.ask(call::write{{{t("[1]"), {}}}}) == "wrote 1");
  CHECK(f.ask(call::write{{{t("[2]"), {}}, {t("[3]"), {}}}}) == "wrote 2 3");
  CHECK(f.ask(call::write{}) == "invalid_argument");
  CHECK(f.ask(call::read{p("[_]"), {}}) == "[1]");
  CHECK(f.ask(call::read_all{p("[_]"), 2}) == "[1] [2]");
  CHECK(f.ask(call::count{p("[_]")}) == "counted 3");
  CHECK(f.ask(call::take{p("[_]"), {}, {}}) == "[1]");
  CHECK(f.ask(call::take_all{p("[_]"), 9, {}}) == "[2] [3]");
  CHECK(f.ask(call::take{p("[_]"), {}, {}}) == "nothing");
  CHECK(f.ask(call::read{p("[_]"), {}}) == "nothing");
  CHECK(f.ask(call::take_all{p("[_]"), 9, 1s}) == "nothing");
  CHECK(f.ask(call::statistics{}) == "0 tuples");
  f.write("[4]");
  CHECK(f.ask(call::clear{}) == "counted 1");
  CHECK(f.later().empty());
}

TEST_CASE("a shard swaps, renews and cancels") {
  shard_fixture f;
  f.write("[1]");
  CHECK(f.ask(swap_of("[_]", "[2]")) == "[1] became 2");
  CHECK(f.ask(swap_of("[9]", "[2]")) == "nothing");
  CHECK(f.ask(swap_of("[_]", "[3]", "[1]")) == "[2] stays");
  CHECK(f.ask(swap_of("[_]", "[3]", "[2]")) == "[2] became 3");
  const auto found = f.shard.submit(f.by, 100, call::read{p("[_]"), {}}, f.now);
  const auto id = std::get<reply::found>(*found).tuples[0].id;
  CHECK(f.ask(call::renew{id, 10s}) == "done");
  f.pass(10s);
  CHECK(f.ask(call::renew{id, 10s}) == "not_found");
  f.write("[4]");
  CHECK(f.ask(call::cancel{{4, {7, 9}}}) == "not_found");
  CHECK(f.ask(call::cancel{{~0ULL, {~0U, ~0U}}}) == "not_found");
}

TEST_CASE("a wait is answered when there is a tuple, or when its time is up") {
  shard_fixture f;
  CHECK(f.ask(call::take{p("[_]"), 5s, {}}) == "waits");
  CHECK(f.ask_as(other, call::read{p("[_]"), 5s}) == "waits");
  f.write("[1]");
  CHECK(f.later() == texts{"2.7 2: [1]", "1.1 1: [1]"});
  CHECK(f.ask(call::take{p("[_]"), 5s, {}}) == "waits");
  CHECK(f.shard.next_deadline() == f.now + 5s);
  CHECK(f.pass(5s) == texts{"1.1 4: nothing"});
  f.write("[2]");
  CHECK(f.ask(call::take{p("[_]"), 5s, {}}) == "[2]");
}

TEST_CASE("a collect waits until it is complete") {
  shard_fixture f;
  const call::collect both{{p("[1]"), p("[2]")}, collect_form::take, {}, {}};
  CHECK(f.ask(both) == "nothing");
  auto waits = both;
  waits.timeout = 5s;
  CHECK(f.ask(waits) == "waits");
  f.write("[2]");
  f.write("[1]");
  CHECK(f.later() == texts{"1.1 2: [1] [2]"});
  CHECK(f.ask(call::collect{}) == "invalid_argument");
}

TEST_CASE("a call that is stopped is not answered") {
  shard_fixture f;
  CHECK(f.ask(call::take{p("[_]"), 5s, {}}) == "waits");
  CHECK(f.ask_as(other, call::stop{1}) == "done");
  CHECK(f.ask_as({1, 2}, call::stop{1}) == "done");
  CHECK(f.ask(call::stop{1}) == "done");
  CHECK(f.ask(call::stop{1}) == "done");
  f.write("[1]");
  CHECK(f.pass(1h).empty());
  CHECK(f.ask(call::count{p("[_]")}) == "counted 1");
}

TEST_CASE("claims are their user's, and come back when it leaves") {
  shard_fixture f;
  f.write("[1]");
  CHECK_FALSE(f.shard.knows(f.by));
  const auto claim = f.claim("[_]");
  CHECK(f.shard.knows(f.by));
  CHECK(f.ask_as(other, call::confirm{claim, {}}) == "not_found");
  CHECK(f.ask_as({1, 2}, call::release{claim}) == "not_found");
  CHECK(f.ask(call::renew_claim{claim, 2h}) == "done");
  CHECK(f.ask_as(other, call::take{p("[_]"), 1h, {}}) == "waits");
  CHECK(f.ask(call::leave{}) == "waits");
  CHECK(f.later() == texts{"2.7 6: [1]"});
  CHECK_FALSE(f.shard.knows(f.by));
}

TEST_CASE("a claim is confirmed with what it comes to, or released") {
  shard_fixture f;
  f.write("[1]");
  const auto first = f.claim("[_]");
  CHECK(f.ask(call::release{first}) == "done");
  CHECK(f.ask(call::confirm{first, {}}) == "not_found");
  const auto second = f.claim("[_]");
  CHECK(f.ask(call::confirm{second, {{t("[\"done\"]"), {}}}}) == "wrote 2");
  CHECK(f.ask(call::read{p("[_]"), {}}) == "[\"done\"]");
}

TEST_CASE("a claim of a shard is not one of the shard that follows it") {
  shard_fixture before;
  shard_fixture after{{}, 43};
  before.write("[1]");
  after.write("[1]");
  CHECK(before.claim("[_]") != after.claim("[_]"));
}

TEST_CASE("when a session ends all its users leave") {
  shard_fixture f;
  f.write("[1]");
  f.claim("[1]");
  f.ask_as({1, 2}, call::take{p("[_]"), 1h, {}});
  f.ask_as(other, call::take{p("[_]"), 1h, {}});
  f.shard.drop_session(1, f.now);
  CHECK(f.later() == texts{"2.7 4: [1]"});
  CHECK_FALSE(f.shard.knows({1, 2}));
  CHECK(f.shard.knows(other));
}

TEST_CASE("whoever leaves late gives nothing to one whose time was up before") {
  shard_fixture f;
  f.write("[1]");
  f.claim("[1]");
  f.ask_as(other, call::take{p("[_]"), 5s, {}});
  f.now += 6s;
  f.shard.drop_user(f.by, f.now);
  CHECK(f.later() == texts{"2.7 3: nothing"});
  CHECK(f.ask(call::count{p("[_]")}) == "counted 1");
}

TEST_CASE("an interest is offered tuples until it takes one") {
  shard_fixture f;
  CHECK(f.ask(call::interest{p("[_]"), 1h, {}}) == "waits");
  f.write("[1]");
  CHECK(f.later() == texts{"1.1 1: offered 1"});
  CHECK(f.ask(call::take{p("[_]"), {}, {}}) == "[1]");
  CHECK(f.ask(call::take_offer{1, {1, {0, 0}}}) == "nothing");
  f.write("[2]");
  CHECK(f.later() == texts{"1.1 1: offered 2"});
  const auto found = f.shard.submit(f.by, 100, call::read{p("[_]"), {}}, f.now);
  const auto id = std::get<reply::found>(*found).tuples[0].id;
  CHECK(f.ask_as(other, call::take_offer{1, id}) == "nothing");
  CHECK(f.ask(call::take_offer{1, id}) == "[2]");
  f.write("[3]");
  CHECK(f.pass(1h).empty());
}

TEST_CASE("an interest with a lease claims what it takes") {
  shard_fixture f;
  f.ask(call::interest{p("[_]"), 1h, 10s});
  f.write("[1]");
  CHECK(f.later().size() == 1);
  CHECK(f.ask(call::take_offer{1, {1, {0, 0}}}).starts_with("[1] claim "));
  CHECK(f.ask(call::count{p("[_]")}) == "counted 0");
  f.pass(10s);
  CHECK(f.ask(call::count{p("[_]")}) == "counted 1");
}

TEST_CASE("an interest whose time is up says so, and takes no more") {
  shard_fixture f;
  CHECK(f.ask(call::interest{p("[_]"), 5s, {}}) == "waits");
  f.write("[1]");
  f.later();
  CHECK(f.pass(5s) == texts{"1.1 1: time is up"});
  CHECK(f.ask(call::take_offer{1, {1, {0, 0}}}) == "nothing");
  CHECK(f.ask(call::interest{p("[_]"), -1s, {}}) == "invalid_argument");
}

TEST_CASE("a watch is fetched from, at once or when something happens") {
  shard_fixture f;
  CHECK(f.ask(call::watch{p("[_]"), {}}) == "done");
  CHECK(f.ask(call::fetch{1, 10, {}}) == "no events");
  f.write("[1]");
  f.write("[2]");
  CHECK(f.ask(call::fetch{1, 1, {}}) == "added [1], more");
  CHECK(f.ask(call::fetch{1, 10, 5s}) == "added [2]");
  CHECK(f.ask(call::fetch{1, 10, 5s}) == "waits");
  CHECK(f.ask(call::fetch{1, 10, 5s}) == "already_exists");
  CHECK(f.ask_as(other, call::take{p("[1]"), {}, {}}) == "[1]");
  CHECK(f.later() == texts{"1.1 7: taken [1]"});
  CHECK(f.ask(call::fetch{1, 10, 5s}) == "waits");
  CHECK(f.shard.next_deadline() == f.now + 5s);
  CHECK(f.pass(5s) == texts{"1.1 10: no events"});
}

TEST_CASE("a fetch that asks for too much is refused") {
  shard_fixture f;
  f.ask(call::watch{p("[_]"), {}});
  CHECK(f.ask(call::fetch{9, 10, {}}) == "not_found");
  CHECK(f.ask_as({1, 2}, call::fetch{1, 10, {}}) == "not_found");
  CHECK(f.ask(call::fetch{1, 0, {}}) == "invalid_argument");
  CHECK(f.ask(call::fetch{1, watch_events_max + 1, {}}) == "invalid_argument");
  CHECK(f.ask(call::fetch{1, 1, -1s}) == "invalid_argument");
  CHECK(f.ask(call::fetch{1, 1, duration::max()}) == "invalid_argument");
  CHECK(f.ask(call::watch{p("[_]"), {.kinds = 0}}) == "invalid_argument");
}

TEST_CASE("a watch that is stopped or overflows can be fetched from no more") {
  shard_fixture f;
  const watch_options small{7, 1, overflow_policy::disconnect};
  f.ask(call::watch{p("[_]"), small});
  CHECK(f.ask(call::fetch{1, 10, 1h}) == "waits");
  f.write("[1]");
  CHECK(f.later() == texts{"1.1 2: added [1]"});
  f.write("[2]");
  f.write("[3]");
  CHECK(f.ask(call::fetch{1, 10, 1h}) == "added [2], 1 dropped, ended");
  CHECK(f.ask(call::fetch{1, 10, 1h}) == "not_found");

  f.ask(call::watch{p("[_]"), {}});
  CHECK(f.ask(call::fetch{f.last, 10, 1h}) == "waits");
  CHECK(f.ask(call::stop{f.last - 1}) == "done");
  CHECK(f.later() == texts{fmt::format("1.1 {}: not_found", f.last - 1)});
  f.write("[4]");
  CHECK(f.pass(1h).empty());
  CHECK(f.shard.statistics().watches == 0);
}

TEST_CASE("participants gather, or are told who did not come") {
  shard_fixture f;
  const auto arrive = [](std::string who, duration timeout) {
    return call::arrive{"b",        std::move(who), 2, reduce_operation::sum,
                        value{1.5}, timeout};
  };
  CHECK(f.ask(arrive("a", 5s)) == "waits");
  CHECK(f.ask_as(other, arrive("b", 5s)) == "waits");
  CHECK(f.later()
        == texts{"1.1 1: gathered 1 [3.0]", "2.7 2: gathered 1 [3.0]"});
  CHECK(f.ask(arrive("a", 5s)) == "waits");
  CHECK(f.ask(arrive("a", 5s)) == "already_exists");
  CHECK(f.pass(5s) == texts{"1.1 3: 1 of 2"});
  CHECK(f.ask(arrive("a", {})) == "waits");
  CHECK(f.later() == texts{"1.1 5: 1 of 2"});
  CHECK(f.ask(arrive("", 5s)) == "invalid_argument");
  CHECK(f.ask(arrive("a", -1s)) == "invalid_argument");
  CHECK(f.ask(arrive("a", 5s)) == "waits");
  CHECK(f.ask(call::stop{f.last}) == "done");
  CHECK(f.ask_as(other, arrive("b", {})) == "waits");
  CHECK(f.later() == texts{"2.7 10: 1 of 2"});
}

TEST_CASE("what is above a limit is refused, and nothing waits for it") {
  shard_fixture f{{.tuples_max = 1, .waiters_max = 1, .watches_max = 1}};
  f.write("[1]");
  CHECK(f.ask(call::write{{{t("[2]"), {}}}}) == "exhausted");
  CHECK(f.ask(call::take{p("[9]"), 5s, {}}) == "waits");
  CHECK(f.ask(call::take{p("[9]"), 5s, {}}) == "exhausted");
  CHECK(f.ask(call::interest{p("[9]"), 5s, {}}) == "exhausted");
  CHECK(f.ask(call::watch{p("[_]"), {}}) == "done");
  CHECK(f.ask(call::watch{p("[_]"), {}}) == "exhausted");
  for (const auto timeout : {duration{-1}, duration::max(), duration::min()}) {
    CHECK(f.ask(call::take{p("[9]"), timeout, {}}) == "invalid_argument");
    CHECK(f.ask(call::read{p("[9]"), timeout}) == "invalid_argument");
    CHECK(f.ask(call::take{p("[9]"), 5s, timeout}) == "invalid_argument");
  }
  CHECK(f.ask(call::read_all{p("[_]"), 0}) == "invalid_argument");
  CHECK(f.ask(call::take_all{p("[_]"), answer_tuples_max + 1, {}})
        == "invalid_argument");
  CHECK(f.pass(5s).size() == 1);
}

} // namespace weft::spaces
