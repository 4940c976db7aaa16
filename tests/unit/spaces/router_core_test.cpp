#include "spaces/router_core.hpp"
#include "tests/unit/spaces/support.hpp"

#include <fmt/format.h>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

std::string text(const router_effect::answered& e) {
  auto made = fmt::format("{}:", e.ticket);
  for (std::size_t i = 0; i < e.answer.tuples.size(); ++i)
    made +=
        fmt::format(" {}@{}", to_text(e.answer.tuples[i].what), e.shards[i]);
  return made + (e.answer.tuples.empty() ? fmt::format(" {}", e.count) : "");
}
std::string text(const router_effect::timed_out& e) {
  return fmt::format("{}: timed out", e.ticket);
}
std::string text(const router_effect::failed& e) {
  return fmt::format("{}: {}", e.ticket, to_string(e.why.code));
}
std::string text(const router_effect::send& e) {
  static const std::array names{"read",  "take",     "read_all", "take_all",
                                "count", "interest", "claim",    "withdraw"};
  auto made = fmt::format("{} to {}", names[e.command.index()], e.shard);
  if (const auto* claim = std::get_if<shard_command::take_offer>(&e.command))
    made += fmt::format(" {}", claim->id.sequence);
  return made;
}

struct router_fixture {
  router_core router{3};
  time_point now{1h};

  texts effects() {
    texts all;
    while (const auto next = router.next_effect())
      all.push_back(std::visit([](const auto& e) { return text(e); }, *next));
    return all;
  }

  void pass(duration time) {
    now += time;
    router.advance(now);
  }
};

found_tuple found(std::uint64_t sequence, std::string_view fields) {
  return {{sequence, {}}, t(fields)};
}

} // namespace

TEST_CASE("a take that waits claims one offer and withdraws the others") {
  router_fixture f;
  f.router.take(p("[_]"), waiting(7), f.now);
  CHECK(f.effects()
        == texts{"interest to 0", "interest to 1", "interest to 2"});
  f.router.on_offer(1, 7, {11, {}});
  f.router.on_offer(2, 7, {22, {}});
  CHECK(f.effects() == texts{"claim to 1 11"});
  f.router.on_found(1, 7, found(11, "[1]"), 0);
  CHECK(f.effects() == texts{"7: [1]@1", "withdraw to 0", "withdraw to 2"});
  CHECK(f.router.waiting() == 0);
  f.router.on_offer(0, 7, {33, {}});
  f.pass(1h);
  CHECK(f.effects().empty());
}

TEST_CASE("when somebody was faster the next offer is claimed") {
  router_fixture f;
  f.router.take(p("[_]"), waiting(7), f.now);
  f.router.on_offer(1, 7, {11, {}});
  f.router.on_offer(2, 7, {22, {}});
  f.effects();
  f.router.on_found(1, 7, std::nullopt, 0);
  CHECK(f.effects() == texts{"claim to 2 22"});
  f.router.on_found(2, 7, std::nullopt, 0);
  CHECK(f.effects().empty());
  f.router.on_offer(1, 7, {12, {}});
  CHECK(f.effects() == texts{"claim to 1 12"});
}

TEST_CASE("when time is up during a claim its answer decides") {
  for (const bool got : {false, true}) {
    router_fixture f;
    f.router.take(p("[_]"), waiting(7, 1, 5s), f.now);
    f.router.on_offer(1, 7, {11, {}});
    f.router.on_offer(2, 7, {22, {}});
    f.effects();
    CHECK(f.router.next_deadline() == f.now + 5s);
    f.pass(5s);
    CHECK(f.effects().empty());
    f.router.on_found(1, 7,
                      got ? std::optional{found(11, "[1]")} : std::nullopt, 0);
    const auto told = f.effects();
    CHECK(told.size() == (got ? 3 : 4));
    CHECK(told[got ? 0 : 3] == (got ? "7: [1]@1" : "7: timed out"));
    CHECK(f.router.waiting() == 0);
  }
}

TEST_CASE("a take whose time is up withdraws everywhere") {
  router_fixture f;
  f.router.take(p("[_]"), waiting(7, 1, 5s), f.now);
  f.effects();
  f.pass(5s);
  CHECK(f.effects()
        == texts{"withdraw to 0", "withdraw to 1", "withdraw to 2",
                 "7: timed out"});
}

TEST_CASE("a take that does not wait asks one shard after the other") {
  router_fixture f;
  f.router.take(p("[_]"), {7, 1, {}, {}}, f.now);
  CHECK(f.effects() == texts{"take to 0"});
  f.router.on_found(0, 7, std::nullopt, 0);
  CHECK(f.effects() == texts{"take to 1"});
  f.router.on_found(1, 7, found(1, "[1]"), 0);
  CHECK(f.effects() == texts{"7: [1]@1"});
  f.router.take(p("[_]"), {8, 1, {}, {}}, f.now);
  for (const std::size_t shard : {1, 2, 0}) {
    CHECK(f.effects() == texts{fmt::format("take to {}", shard)});
    f.router.on_found(shard, 8, std::nullopt, 0);
  }
  CHECK(f.effects() == texts{"8: 0"});
}

TEST_CASE("a read that waits is answered by the first shard that has one") {
  router_fixture f;
  f.router.read(p("[_]"), waiting(7), f.now);
  CHECK(f.effects() == texts{"read to 0", "read to 1", "read to 2"});
  f.router.on_found(2, 7, found(1, "[1]"), 0);
  CHECK(f.effects() == texts{"7: [1]@2", "withdraw to 0", "withdraw to 1"});
}

TEST_CASE("reads of many and counts are merged") {
  router_fixture f;
  f.router.read_all(p("[_]"), 3, 7);
  f.router.count(p("[_]"), 8);
  CHECK(f.effects().size() == 6);
  f.router.on_many(2, 7, {found(1, "[20]"), found(2, "[21]")});
  f.router.on_many(0, 7, {found(1, "[1]"), found(2, "[2]")});
  CHECK(f.effects().empty());
  f.router.on_many(1, 7, {});
  CHECK(f.effects() == texts{"7: [1]@0 [2]@0 [20]@2"});
  for (std::size_t shard = 0; shard < 3; ++shard)
    f.router.on_count(shard, 8, 10 + shard);
  CHECK(f.effects() == texts{"8: 33"});
}

TEST_CASE("a take of many takes no more than its limit") {
  router_fixture f;
  f.router.take_all(p("[_]"), 3, 7);
  CHECK(f.effects() == texts{"take_all to 0"});
  f.router.on_many(0, 7, {found(1, "[1]"), found(2, "[2]")});
  CHECK(f.effects() == texts{"take_all to 1"});
  f.router.on_many(1, 7, {found(1, "[3]")});
  CHECK(f.effects() == texts{"7: [1]@0 [2]@0 [3]@1"});
}

TEST_CASE("a lost shard is left out, or the request fails") {
  router_fixture f;
  f.router.take(p("[_]"), waiting(1), f.now);
  f.router.take(p("[_]"), waiting(2), f.now);
  f.router.count(p("[_]"), 3);
  f.router.take(p("[_]"), {4, 1, {}, {}}, f.now);
  f.router.read(p("[_]"), {5, 1, {}, {}}, f.now);
  f.router.on_offer(0, 2, {11, {}});
  f.effects();
  f.router.on_lost(0);
  CHECK(f.effects()
        == texts{"withdraw to 1", "withdraw to 2", "2: timed_out",
                 "withdraw to 1", "withdraw to 2", "3: unavailable",
                 "4: timed_out"});
  f.router.count(p("[_]"), 6);
  CHECK(f.effects().back() == "6: unavailable");
  f.router.on_lost(1);
  f.router.on_lost(2);
  CHECK(f.effects() == texts{"read to 2", "1: unavailable", "5: unavailable"});
  f.router.take(p("[_]"), waiting(7), f.now);
  CHECK(f.effects() == texts{"7: unavailable"});
  for (std::size_t shard = 0; shard < 3; ++shard)
    f.router.on_back(shard, f.now);
  f.router.count(p("[_]"), 8);
  CHECK(f.effects().size() == 3);
}

TEST_CASE("nobody is told that there is nothing where a shard was left out") {
  router_fixture f;
  f.router.take(p("[_]"), {7, 1, {}, {}}, f.now);
  f.router.on_lost(1);
  f.effects();
  f.router.on_found(0, 7, std::nullopt, 0);
  CHECK(f.effects() == texts{"take to 2"});
  f.router.on_found(2, 7, std::nullopt, 0);
  CHECK(f.effects() == texts{"7: unavailable"});
}

TEST_CASE("tuples that were taken are answered though a shard is lost then") {
  router_fixture f;
  f.router.take_all(p("[_]"), 9, 7);
  f.router.on_many(0, 7, {found(1, "[1]")});
  f.effects();
  f.router.on_lost(1);
  CHECK(f.effects() == texts{"7: [1]@0"});
}

TEST_CASE("what a lost shard never saw is asked of another") {
  router_fixture f;
  f.router.take(p("[_]"), {7, 1, {}, {}}, f.now);
  f.router.take(p("[_]"), waiting(8), f.now);
  f.router.on_offer(0, 8, {11, {}});
  f.router.on_offer(2, 8, {22, {}});
  f.effects();
  f.router.on_lost(0, {7, 8});
  CHECK(f.effects() == texts{"take to 1", "claim to 2 22"});
}

TEST_CASE("a refusal counts once no other shard is to give a tuple") {
  router_fixture f;
  f.router.take(p("[_]"), waiting(7), f.now);
  f.router.on_offer(1, 7, {11, {}});
  f.effects();
  f.router.on_refused(0, 7, {errc::exhausted, "full"});
  CHECK(f.effects().empty());
  f.router.on_found(1, 7, std::nullopt, 0);
  CHECK(f.effects() == texts{"withdraw to 1", "withdraw to 2", "7: exhausted"});
}

TEST_CASE("a request that is stopped is withdrawn") {
  router_fixture f;
  f.router.take(p("[_]"), waiting(7), f.now);
  f.effects();
  f.router.stop(7);
  f.router.stop(7);
  CHECK(f.effects()
        == texts{"withdraw to 0", "withdraw to 1", "withdraw to 2"});
}

} // namespace weft::spaces
