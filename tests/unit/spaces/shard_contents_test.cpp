#include "spaces/shard_core.hpp"
#include "tests/unit/spaces/reply_text.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

/// A shard whose tuples are to go elsewhere.
struct contents_fixture {
  shard_core shard{{}, 42};
  time_point now{1h};
  caller by{1, 1};
  call_number last = 0;

  any_reply answer(any_call what) {
    auto got = shard.submit(by, ++last, std::move(what), now);
    REQUIRE(got);
    return *std::move(got);
  }
  std::string ask(any_call what) { return words_of(answer(std::move(what))); }
  reply::carried part(any_call what) {
    const auto got = answer(std::move(what));
    const auto* carried = std::get_if<reply::carried>(&got);
    REQUIRE(carried);
    return *carried;
  }

  void write(std::string_view text, std::optional<duration> lease = {}) {
    ask(call::write{{{t(text), lease}}});
  }
};

} // namespace

TEST_CASE("a list has what is there, with what is left of the leases") {
  contents_fixture f;
  f.write("[2, 1]", 10ns);
  f.write("[1, 1]");
  f.write("[3, 2]", 7ns);
  f.now += 3ns;
  CHECK(f.ask(call::list{p("[_, 1]")}) == "[2, 1] for 7, [1, 1]");
  CHECK(f.ask(call::list{}) == "[2, 1] for 7, [1, 1], [3, 2] for 4");
}

TEST_CASE("only a list of all has what is claimed") {
  contents_fixture f;
  f.write("[1]");
  f.write("[2]", 5ns);
  f.ask(call::take{p("[2]"), {}, 1h});
  CHECK(f.ask(call::list{p("[_]")}) == "[1]");
  CHECK(f.ask(call::list{}) == "[1], [2] for 5");
  // Its lease ends meanwhile; put back it would be gone.
  f.now += 6ns;
  CHECK(f.ask(call::list{}) == "[1], [2] for 1");
}

TEST_CASE("a long list comes in parts and is that of one moment") {
  contents_fixture f;
  const auto count = static_cast<int>(2 * part_tuples_max + 1);
  for (int i = 0; i < count; ++i)
    f.ask(call::write{{{tuple_of(i), {}}}});
  auto part = f.part(call::list{p("[_]")});
  std::vector<std::int64_t> got;
  int parts = 1;
  f.ask(call::clear{});
  f.write("[-1]");
  for (;; ++parts) {
    for (const auto& each : part.tuples)
      got.push_back(each.what[0].as_i64());
    if (!part.more)
      break;
    part = f.part(call::next_part{part.list_number});
  }
  CHECK(parts == 3);
  REQUIRE(got.size() == static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    CHECK(got[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("a part has a mebibyte, or one tuple") {
  contents_fixture f;
  const std::string large(part_bytes_max / 2, 'x');
  for (int i = 0; i < 3; ++i)
    f.ask(call::write{{{tuple_of(large.c_str()), {}}}});
  f.ask(call::write{{{tuple_of(std::string(3 * large.size(), 'y')), {}}}});
  auto part = f.part(call::list{p("[_]")});
  CHECK(part.tuples.size() == 2);
  part = f.part(call::next_part{part.list_number});
  CHECK(part.tuples.size() == 1);
  part = f.part(call::next_part{part.list_number});
  CHECK(part.tuples.size() == 1);
  CHECK_FALSE(part.more);
}

TEST_CASE("a list belongs to its caller, and ends with it") {
  contents_fixture f;
  for (std::size_t i = 0; i <= part_tuples_max; ++i)
    f.write("[1]");
  const auto list = f.part(call::list{}).list_number;
  f.by.user = 2;
  CHECK(f.ask(call::next_part{list}) == "not_found");
  f.by.user = 1;
  CHECK(f.ask(call::next_part{list}) == "[1]");
  CHECK(f.ask(call::next_part{list}) == "not_found");
  const auto second = f.part(call::list{}).list_number;
  f.shard.drop_user(f.by, f.now);
  CHECK(f.ask(call::next_part{second}) == "not_found");
}

TEST_CASE("of too many lists the oldest ends") {
  contents_fixture f;
  for (std::size_t i = 0; i <= part_tuples_max; ++i)
    f.write("[1]");
  const auto first = f.part(call::list{}).list_number;
  const auto second = f.part(call::list{}).list_number;
  for (std::size_t i = 1; i < lists_max; ++i)
    f.ask(call::list{});
  CHECK(f.ask(call::next_part{first}) == "not_found");
  CHECK(f.ask(call::next_part{second}) == "[1]");
}

TEST_CASE("what is carried away is claimed and was there before") {
  contents_fixture f;
  f.write("[1]", 9ns);
  f.write("[2]");
  const auto part = f.part(call::carry{p("[1]"), ~std::uint64_t{0}, 1h});
  CHECK(words_of(part) == "[1] for 9, claimed");
  f.write("[3]");
  CHECK(f.ask(call::carry{p("[_]"), part.end, 1h}) == "[2], claimed");
  CHECK(f.ask(call::carry{p("[_]"), part.end, 1h}) == "nothing");
  CHECK(f.ask(call::count{p("[_]")}) == "counted 1");
  CHECK(f.ask(call::confirm{part.claim, {}}) == "wrote ");
  CHECK(f.ask(call::carry{p("[_]"), part.end, 0ns}) == "invalid_argument");
  // Of a caller that is gone everything is back.
  f.shard.drop_user(f.by, f.now);
  CHECK(f.ask(call::count{p("[_]")}) == "counted 2");
}

} // namespace weft::spaces
