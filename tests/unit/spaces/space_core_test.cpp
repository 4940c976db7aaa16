#include "spaces/space_core.hpp"
#include "tests/unit/spaces/support.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

TEST_CASE("what is written is read, and taken once") {
  space_fixture space;
  space.write("[\"job\", 1]");
  CHECK(space.read("[\"job\", _]") == "[\"job\", 1]");
  CHECK(space.take("[\"job\", _]") == "[\"job\", 1]");
  CHECK(space.take("[\"job\", _]") == "");
  CHECK(space.read("[\"job\", _]") == "");
}

TEST_CASE("of tuples that match the oldest is found, whatever its types") {
  space_fixture space;
  space.write("[\"a\", 1.0]");
  space.write("[\"a\", 2]");
  space.write("[\"a\", null]");
  space.write("[\"a\", 4]");
  CHECK(space.take("[\"a\", i64:_]") == "[\"a\", 2]");
  CHECK(space.take("[\"a\", _]") == "[\"a\", 1.0]");
  CHECK(space.take("[...]") == "[\"a\", null]");
  CHECK(space.take("[_, _]") == "[\"a\", 4]");
}

TEST_CASE("a batch is written in its order, or not at all") {
  space_fixture space{{.tuples_max = 3}};
  const auto batch = [](std::size_t count) {
    std::vector<new_tuple> tuples;
    for (std::size_t i = 0; i < count; ++i)
      tuples.push_back({tuple_of(static_cast<std::int64_t>(i)), {}});
    return tuples;
  };
  CHECK(space.core.write_batch(batch(4), space.now).error().code
        == errc::exhausted);
  CHECK(space.core.write_batch({}, space.now).error().code
        == errc::invalid_argument);
  CHECK(space.core.write_batch(batch(10'001), space.now).error().message
        == "a batch has 1 to 10000 tuples; got 10001");
  auto late = batch(2);
  late[1].lease = lease_max + 1ns;
  CHECK_FALSE(space.core.write_batch(late, space.now));
  CHECK(space.all().empty());
  const auto ids = space.core.write_batch(batch(3), space.now);
  REQUIRE(ids);
  CHECK((*ids)[0].sequence < (*ids)[1].sequence);
  CHECK(space.all() == texts{"[0]", "[1]", "[2]"});
  CHECK(space.core.write(tuple_of(1), {}, space.now).error().message
        == "the space holds 3 of at most 3 tuples");
}

TEST_CASE("a batch has at most 64 MiB of content") {
  space_fixture space;
  const auto large = tuple_of(std::string(tuple_bytes_max, 'x'));
  const std::vector<new_tuple> four(4, {large, {}});
  CHECK(space.core.write_batch(four, space.now));
  auto more = four;
  more.push_back({tuple_of(true), {}});
  CHECK(space.core.write_batch(more, space.now).error().code
        == errc::invalid_argument);
}

TEST_CASE("a time-out is at most an hour, a lease at most 30 days") {
  space_fixture space;
  const auto take = [&](duration timeout, std::optional<duration> lease) {
    return space.core.take(p("[1]"), {1, 1, timeout, lease}, space.now);
  };
  CHECK(take(timeout_max + 1ns, {}).error().message
        == "a time-out is 0 to 1h; got 3600000000001 ns");
  CHECK_FALSE(take(-1ns, {}));
  CHECK_FALSE(take(1s, 0ns));
  CHECK_FALSE(take(1s, lease_max + 1ns));
  CHECK(take(timeout_max, lease_max));
  CHECK(space.core.write(tuple_of(2), 0ns, space.now).error().message
        == "a lease is above 0, up to 30d; got 0 ns");
  CHECK(space.core.write(tuple_of(2), lease_max, space.now));
}

TEST_CASE("read_all and take_all get the oldest up to a limit") {
  space_fixture space;
  for (const auto* each : {"[1]", "[2.0]", "[3]", "[\"4\"]", "[5]"})
    space.write(each);
  CHECK(space.all("[i64:_]") == texts{"[1]", "[3]", "[5]"});
  CHECK(space.all("[3|1|3]") == texts{"[1]", "[3]"});
  const auto taken = space.core.take_all(p("[_]"), 3);
  REQUIRE(taken);
  CHECK(taken->size() == 3);
  CHECK(space.all() == texts{"[\"4\"]", "[5]"});
  CHECK_FALSE(space.core.read_all(p("[_]"), 0));
  CHECK_FALSE(space.core.take_all(p("[_]"), answer_tuples_max + 1));
}

TEST_CASE("count and exists see what is stored") {
  space_fixture space;
  CHECK_FALSE(space.core.exists(p("[...]")));
  for (int i = 0; i < 20; ++i)
    space.write("[\"a\", " + std::to_string(i) + "]");
  CHECK(space.core.count(p("[\"a\", 5..9]")) == 5);
  CHECK(space.core.count(p("[\"a\", 5|6|50]")) == 2);
  CHECK(space.core.count(p("[...]")) == 20);
  CHECK(space.core.exists(p("[\"a\", 19]")));
}

TEST_CASE("a swap takes and writes at once, or does nothing") {
  space_fixture space;
  space.write("[\"counter\", 1]");
  const auto with = [&](const char* text) { return new_tuple{t(text), {}}; };
  const auto done = space.core.swap(p("[\"counter\", _]"),
                                    with("[\"counter\", 2]"), space.now);
  REQUIRE((done && *done));
  CHECK(to_text((*done)->found.what) == "[\"counter\", 1]");
  CHECK(space.all() == texts{"[\"counter\", 2]"});
  const auto none =
      space.core.swap(p("[\"other\"]"), with("[\"other\"]"), space.now);
  REQUIRE(none);
  CHECK_FALSE(*none);
  CHECK(space.all().size() == 1);
}

TEST_CASE("compare_and_swap tells what is there when it is not as expected") {
  space_fixture space;
  const auto change = [&](const char* expected, const char* desired) {
    return space.core
        .compare_and_swap(p("[\"counter\", _]"), t(expected), {t(desired), {}},
                          space.now)
        .value();
  };
  auto done = change("[\"counter\", 1]", "[\"counter\", 2]");
  CHECK_FALSE(done.found);
  CHECK_FALSE(done.written);
  space.write("[\"counter\", 1]");
  done = change("[\"counter\", 0]", "[\"counter\", 2]");
  REQUIRE(done.found);
  CHECK(done.found->what == t("[\"counter\", 1]"));
  CHECK_FALSE(done.written);
  done = change("[\"counter\", 1]", "[\"counter\", 2]");
  CHECK(done.written);
  CHECK(space.all() == texts{"[\"counter\", 2]"});
}

TEST_CASE("a tuple whose lease ends is gone") {
  space_fixture space;
  const auto id = space.write("[1]", 5s);
  space.write("[2]");
  CHECK(space.core.next_deadline() <= space.now + 5s);
  space.pass(5s - 1ns);
  CHECK(space.all().size() == 2);
  space.pass(1ns);
  CHECK(space.all() == texts{"[2]"});
  CHECK(space.core.renew(id, 5s, space.now).error().code == errc::not_found);
  CHECK(space.core.statistics().expired == 1);
  CHECK_FALSE(space.core.next_deadline());
}

TEST_CASE("a lease is renewed, ended early or taken away") {
  space_fixture space;
  const auto first = space.write("[1]", 5s);
  const auto second = space.write("[2]", 5s);
  const auto third = space.write("[3]", 5s);
  const auto fourth = space.write("[4]");
  CHECK(space.core.renew(first, 20s, space.now));
  CHECK(space.core.renew(second, std::nullopt, space.now));
  CHECK(space.core.cancel(third));
  CHECK(space.core.cancel(fourth));
  CHECK_FALSE(space.core.cancel(fourth));
  space.pass(10s);
  CHECK(space.all() == texts{"[1]", "[2]"});
  space.pass(10s);
  CHECK(space.all() == texts{"[2]"});
  CHECK_FALSE(space.core.renew(second, 0ns, space.now));
}

TEST_CASE("an id finds its tuple and never another") {
  space_fixture space;
  const auto id = space.write("[1]", 5s);
  space.take("[1]");
  const auto next = space.write("[1]");
  CHECK(next != id);
  CHECK_FALSE(space.core.cancel(id));
  CHECK_FALSE(space.core.cancel({id.sequence, {77, 77}}));
  CHECK(space.core.cancel(next));
}

TEST_CASE("clear removes all tuples and leaves those who wait") {
  space_fixture space;
  space.write("[1]", 5s);
  space.write("[2]");
  const auto claim = space.claim("[2]", 1, 5s);
  space.take("[3]", waiting(7));
  CHECK(space.core.clear() == 2);
  CHECK(space.core.release(claim, 1, space.now).error().code
        == errc::not_found);
  space.pass(6s);
  CHECK(space.all().empty());
  space.write("[3]");
  CHECK(space.effects() == texts{"7: [3]"});
}

TEST_CASE("a snapshot keeps ids, order, leases and what is claimed") {
  space_fixture space;
  space.write("[0]");
  const auto id = space.write("[1]", 10s);
  space.write("[2, \"two\"]");
  const auto last = space.write("[3]");
  space.take("[0]");
  space.claim("[2, _]", 1, 60s);
  space.pass(4s);
  const auto bytes = space.core.snapshot(space.now);

  space_fixture other;
  REQUIRE(other.core.restore(bytes, other.now));
  CHECK(other.all() == texts{"[1]", "[2, \"two\"]", "[3]"});
  CHECK(other.core.snapshot(other.now) == bytes);
  CHECK(other.write("[4]").sequence == last.sequence + 1);
  CHECK(other.core.renew(id, 8s, other.now));
  other.pass(7s);
  CHECK(other.all("[_]") == texts{"[1]", "[3]", "[4]"});
  other.pass(1s);
  CHECK(other.all("[_]") == texts{"[3]", "[4]"});
  CHECK(other.core.cancel(last));
}

TEST_CASE("bytes that are no snapshot leave the space empty") {
  space_fixture space;
  space.write("[1]");
  space.write("[2]");
  auto bytes = space.core.snapshot(space.now);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    space_fixture other;
    const auto restored = other.core.restore(bytes.substr(0, size), other.now);
    REQUIRE_FALSE(restored);
    CHECK(restored.error().code == errc::invalid_argument);
    CHECK(other.all().empty());
  }
  space_fixture other;
  CHECK_FALSE(other.core.restore(bytes + "x", other.now));
}

TEST_CASE("an answer that is too large is refused, and nothing is taken") {
  space_fixture space;
  REQUIRE(space.core.watch(7, 1, p("[_]"), {}));
  const auto large = tuple_of(std::string(15 << 20, 'x'));
  for (int i = 0; i < 6; ++i)
    REQUIRE(space.core.write(large, {}, space.now));
  const auto any = p("[_]");
  const auto code_of = [](const auto& got) { return got.error().code; };
  CHECK(code_of(space.core.read_all(any, 6)) == errc::exhausted);
  CHECK(code_of(space.core.take_all(any, 6)) == errc::exhausted);
  CHECK(code_of(space.core.claim_all(any, 6, 1, 1s, space.now))
        == errc::exhausted);
  CHECK(space.core.read_all(any, 5)->size() == 5);
  CHECK(space.core.take_all(any, 5)->size() == 5);
  CHECK(space.core.fetch(7, 100)->events.size() == 5);
}

} // namespace weft::spaces
