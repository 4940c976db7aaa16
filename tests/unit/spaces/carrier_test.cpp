#include "spaces/carrier.hpp"
#include "spaces/shard_core.hpp"
#include "tests/unit/spaces/reply_text.hpp"

#include <deque>
#include <map>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

/// Two spaces of several shards each, and what happens on the way from one to
/// the other.
struct carrier_fixture {
  explicit carrier_fixture(const space_options& of_target = {}) {
    for (std::size_t i = 0; i < from.shards(); ++i)
      source.emplace_back(space_options{}, i + 1);
    for (std::size_t i = 0; i < to.shards(); ++i)
      target.emplace_back(of_target, i + 11);
  }

  routing from{3, {0}};
  routing to{2, {1}};
  std::deque<shard_core> source;
  std::deque<shard_core> target;
  time_point now{1h};
  caller by{1, 1};
  call_number last = 0;

  any_reply submit(shard_core& shard, any_call what) {
    auto got = shard.submit(by, ++last, std::move(what), now);
    REQUIRE(got);
    return *std::move(got);
  }

  void write(std::string_view text, std::optional<duration> lease = {}) {
    const auto what = t(text);
    submit(source[from.shard_for(what)], call::write{{{what, lease}}});
  }
  void write_many(int count) {
    for (int i = 0; i < count; ++i)
      write(fmt::format("[\"{}\", {}]", i % 7, i));
  }

  any_reply perform(const carry_step& step) {
    auto& shards = step.at_target ? target : source;
    REQUIRE(step.shard < shards.size());
    return submit(shards[step.shard], step.what);
  }

  result<std::uint64_t> run(carrier way) {
    while (const auto step = way.next_step())
      way.on_answer(perform(*step));
    return way.outcome();
  }
  carrier begin(carry_form form, const char* what = "[...]") {
    return {form, p(what), from, to};
  }

  /// How often each tuple is there.
  static std::map<std::string, int> seen_in(std::deque<shard_core>& shards,
                                            time_point now) {
    std::map<std::string, int> seen;
    for (auto& shard : shards) {
      const auto got = shard.submit({9, 9}, 1, call::read_all{p("[...]")}, now);
      for (const auto& each : std::get<reply::found>(*got).tuples)
        ++seen[to_text(each.what)];
    }
    return seen;
  }
  std::map<std::string, int> in_source() { return seen_in(source, now); }
  std::map<std::string, int> in_target() { return seen_in(target, now); }

  /// The caller dies.
  void die() {
    for (auto* shards : {&source, &target})
      for (auto& each : *shards)
        each.drop_session(by.session, now);
  }

  /// How many tuples are twice there, of `count` of which none is lost.
  std::size_t doubled(std::size_t count) {
    auto all = in_source();
    for (const auto& [text, times] : in_target())
      all[text] += times;
    CHECK(all.size() == count);
    std::size_t twice = 0;
    for (const auto& [text, times] : all) {
      CHECK_MESSAGE(times <= 2, text);
      twice += times > 1 ? 1 : 0;
    }
    return twice;
  }
};

/// How many were carried, or -1.
int count_of(const result<std::uint64_t>& outcome) {
  return outcome ? static_cast<int>(*outcome) : -1;
}

/// One tuple more than three parts, in one shard.
constexpr int many = static_cast<int>(3 * part_tuples_max + 1);

} // namespace

TEST_CASE("what matches is moved and all else stays") {
  carrier_fixture f;
  f.write_many(20);
  f.write("[\"a\"]");
  CHECK(count_of(f.run(f.begin(carry_form::move, "[_, 5..14]"))) == 10);
  CHECK(f.in_source().size() == 11);
  CHECK(f.in_target().size() == 10);
  CHECK(f.doubled(21) == 0);
  CHECK(count_of(f.run(f.begin(carry_form::move, "[_, 5..14]"))) == 0);
}

TEST_CASE("a pattern that says the shard asks no other") {
  carrier_fixture f;
  f.write("[\"a\", 1]");
  auto way = f.begin(carry_form::move, "[\"a\", ...]");
  while (const auto step = way.next_step()) {
    if (!step->at_target)
      CHECK(step->shard == f.from.shard_for(t("[\"a\", 1]")));
    way.on_answer(f.perform(*step));
  }
  CHECK(count_of(way.outcome()) == 1);
}

TEST_CASE("a copy leaves everything where it is") {
  carrier_fixture f;
  f.write_many(many);
  CHECK(count_of(f.run(f.begin(carry_form::copy))) == many);
  CHECK(f.in_source() == f.in_target());
}

TEST_CASE("what is claimed is neither copied nor moved") {
  carrier_fixture f;
  f.write("[\"a\", 1]");
  f.submit(f.source[f.from.shard_for(t("[\"a\", 1]"))],
           call::take{p("[\"a\", 1]"), {}, 1h});
  CHECK(count_of(f.run(f.begin(carry_form::copy))) == 0);
  CHECK(count_of(f.run(f.begin(carry_form::move))) == 0);
}

TEST_CASE("leases go on in the other space") {
  for (const auto form : {carry_form::move, carry_form::copy}) {
    carrier_fixture f;
    f.write("[\"a\", 1]", 10s);
    f.write("[\"a\", 2]");
    f.now += 4s;
    REQUIRE(count_of(f.run(f.begin(form))) == 2);
    f.now += 5s;
    CHECK(f.in_target().size() == 2);
    f.now += 2s;
    for (auto& each : f.target)
      each.advance(f.now);
    CHECK(f.in_target() == std::map<std::string, int>{{"[\"a\", 2]", 1}});
  }
}

TEST_CASE("tuples of a shard follow each other as they did") {
  carrier_fixture f;
  f.to = routing{1, {0}};
  for (int i = 0; i < many; ++i)
    f.write(fmt::format("[\"a\", {}]", many - i));
  REQUIRE(count_of(f.run(f.begin(carry_form::move))) == many);
  for (int i = 0; i < many; ++i)
    CHECK(words_of(f.submit(f.target[0], call::take{p("[...]"), {}, {}}))
          == fmt::format("[\"a\", {}]", many - i));
}

TEST_CASE("a move ends though others go on writing") {
  carrier_fixture f;
  for (int i = 0; i < many; ++i)
    f.write(fmt::format("[\"a\", {}]", i));
  auto way = f.begin(carry_form::move, "[\"a\", _]");
  int more = 0;
  while (const auto step = way.next_step()) {
    way.on_answer(f.perform(*step));
    for (int i = 0; i < 100; ++i)
      f.write(fmt::format("[\"a\", {}]", many + more++));
  }
  CHECK(count_of(way.outcome()) == many);
  CHECK(f.in_source().size() == static_cast<std::size_t>(more));
}

TEST_CASE("a caller that dies loses nothing and leaves one part twice") {
  std::size_t most = 0;
  for (std::size_t end = 0;; ++end) {
    carrier_fixture f;
    f.write_many(many);
    auto way = f.begin(carry_form::move);
    auto step = way.next_step();
    for (std::size_t i = 0; i < end && step; ++i) {
      way.on_answer(f.perform(*step));
      step = way.next_step();
    }
    f.die();
    const auto twice = f.doubled(many);
    CHECK(twice <= part_tuples_max);
    most = std::max(most, twice);
    if (!step) {
      CHECK(count_of(way.outcome()) == many);
      CHECK(twice == 0);
      break;
    }
  }
  CHECK(most > 0);
}

TEST_CASE("an answer that is lost is told and loses nothing") {
  for (const bool carried_out : {false, true})
    for (std::size_t lost = 0;; ++lost) {
      carrier_fixture f;
      f.write_many(many);
      auto way = f.begin(carry_form::move);
      std::size_t i = 0;
      for (; const auto step = way.next_step(); ++i) {
        if (i == lost && !carried_out) {
          way.on_answer(failure{errc::timed_out, "unknown"});
          continue;
        }
        auto answer = f.perform(*step);
        way.on_answer(i == lost ? failure{errc::timed_out, "unknown"}
                                : std::move(answer));
      }
      f.die();
      CHECK(f.doubled(many) <= part_tuples_max);
      if (lost >= i) {
        CHECK(count_of(way.outcome()) == many);
        break;
      }
      REQUIRE_FALSE(way.outcome());
      CHECK(way.outcome().error().code == errc::timed_out);
    }
}

TEST_CASE("what the target has no room for stays, and nothing is twice") {
  space_options small;
  small.tuples_max = 1500;
  carrier_fixture f{small};
  f.write_many(5000);
  const auto got = f.run(f.begin(carry_form::move));
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::exhausted);
  CHECK(f.doubled(5000) == 0);
  const auto moved = f.in_target().size();
  CHECK(moved > 0);
  CHECK(f.in_source().size() == 5000 - moved);
  CHECK_MESSAGE(got.error().message.find(fmt::format("{} tuples moved", moved))
                    != std::string::npos,
                got.error().message);
}

TEST_CASE("a claim that ended before its confirmation is told") {
  carrier_fixture f;
  f.write("[\"a\", 1]");
  auto way = f.begin(carry_form::move, "[\"a\", _]");
  for (int i = 0; i < 2; ++i)
    way.on_answer(f.perform(*way.next_step()));
  f.now += carrier::claim_lease + 1s;
  way.on_answer(f.perform(*way.next_step()));
  CHECK_FALSE(way.next_step());
  REQUIRE_FALSE(way.outcome());
  CHECK(way.outcome().error().code == errc::not_found);
  CHECK(way.outcome().error().message.find("1 tuple may be in both spaces")
        != std::string::npos);
  CHECK(f.doubled(1) == 1);
}

} // namespace weft::spaces
