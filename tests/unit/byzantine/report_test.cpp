#include "apps/byzantine/command/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace weft::byzantine::test {

namespace {

using nlohmann::json;

plan planned(std::uint32_t generals, std::set<general_id> traitors) {
  return {.generals = generals,
          .traitors = std::move(traitors),
          .strategy = strategy::split,
          .instance = 0xAB,
          .seed = 3};
}

campaign_result came_of(const plan& what) {
  return {
      .how = run_council(what, {}), .lost = {}, .trouble = "", .seconds = 0.5};
}

} // namespace

TEST_CASE("a run is told in full as JSON") {
  const auto what = planned(4, {3});
  CHECK(to_json(what, came_of(what)) == json::parse(R"({
    "ok": true, "generals": 4, "m": 1, "algorithm": "om", "order": "attack",
    "strategy": "split", "traitors": [3], "seed": 3,
    "instance": "00000000000000ab",
    "decisions": {"0": "attack", "1": "attack", "2": "attack", "3": "attack"},
    "messages": 9, "ic1": true, "ic2": true, "rejected_signatures": 0,
    "rounds": 2, "lost": [], "overdue_rounds": 0, "seconds": 0.5})"));
}

TEST_CASE("a run is told in words") {
  const auto what = planned(4, {3});
  CHECK(to_text(what, came_of(what))
        == R"(OM(1) among 4 generals, traitor 3 (split)

general  role                   decides
0        loyal commander        attack
1        loyal                  attack
2        loyal                  attack
3        traitor                attack

2 rounds, 9 messages (9 when all are loyal)
IC1, loyal lieutenants decide alike: holds (attack: 1, 2)
IC2, they obey a loyal commander: holds (he ordered attack)
)");
}

TEST_CASE("what is broken is said, and why it may be") {
  auto what = planned(4, {1, 3});
  auto came = came_of(what);
  came.how.decisions = {{0, order::attack}, {2, order::retreat}};
  came.how.agreement = true;
  came.how.obedience = false;
  came.lost = {1};
  came.overdue_rounds = 2;
  came.trouble = "general 2 could not send";
  const auto text = to_text(what, came);
  const auto has = [&](std::string_view part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has("1        traitor, lost          -\n"));
  CHECK(has("IC2, they obey a loyal commander: broken (he ordered attack)\n"));
  CHECK(has("2 generals are faulty, and m = 1 withstands no more than 1\n"));
  CHECK(has("2 rounds ended at the deadline"));
  CHECK(has("general 2 could not send\n"));
  const auto told = to_json(what, came);
  CHECK(told["ok"] == false);
  CHECK(told["ic2"] == false);
  CHECK(told["lost"] == json{1});
  CHECK(told["trouble"] == "general 2 could not send");
}

TEST_CASE("a traitor who commands and is lost is counted once") {
  const auto what = planned(4, {0});
  auto came = came_of(what);
  came.lost = {0};
  const auto text = to_text(what, came);
  CHECK(text.find("are faulty") == std::string::npos);
  CHECK(text.find("commander: holds (there is none)") != std::string::npos);
}

TEST_CASE("what loyal generals send is known") {
  CHECK(loyal_messages(planned(4, {})) == 9);
  auto what = planned(10, {});
  what.algorithm = algorithm::written;
  CHECK(loyal_messages(what) == 81);
  what.traitors_max = 0;
  CHECK(loyal_messages(what) == 9);
}

TEST_CASE("a violation that was found can be read") {
  const auto what = planned(3, {});
  const auto found = search(what, 1000);
  REQUIRE(found);
  const auto told = to_json(what, *found);
  CHECK(told["ok"] == true);
  CHECK(told["exhaustive"] == true);
  const auto& broken = told["violation"];
  REQUIRE(broken.is_object());
  CHECK(broken["traitors"].size() == 1);
  CHECK(broken["lies"].size() == 1);
  CHECK((broken["ic1"] == false || broken["ic2"] == false));
  const auto text = to_text(what, *found);
  CHECK(text.find("OM(1) among 3 generals: a violation") == 0);
  CHECK(text.find("says, in turn: ") != std::string::npos);
  CHECK(text.find(": broken (") != std::string::npos);
}

TEST_CASE("that nothing was found says how much that means") {
  const auto four = planned(4, {});
  CHECK(to_text(four, search(four, 1000).value())
        == "OM(1) among 4 generals: no violation\n108 runs: both orders, every "
           "set of traitors, every lie\n");
  CHECK(to_json(four, search(four, 1000).value())["violation"].is_null());
  CHECK(to_text(four, search(four, 1).value())
        == "OM(1) among 4 generals: no violation\n1 run with lies drawn at "
           "random, which prove nothing\n");
}

} // namespace weft::byzantine::test
