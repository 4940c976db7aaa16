#include "actors/membership/membership_core.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

namespace effect = membership_effect;

membership_settings settings(std::string self) {
  membership_settings made;
  made.cluster = "demo";
  made.self = std::move(self);
  made.incarnation = 3;
  made.config_hash = "h1";
  made.config = R"({"nodes":[{"name":"n1"}]})";
  made.nodes = {"n1", "n2", "n3"};
  return made;
}

moment at(std::chrono::nanoseconds time) {
  return {time, 1000s + time};
}

introduction of(std::string node, std::uint64_t incarnation = 1) {
  return {"demo", std::move(node), incarnation, "h1", {}, 0};
}

/// All effects of a kind since the last call, the others dropped.
template <class Effect>
std::vector<Effect> taken(membership_core& core) {
  std::vector<Effect> found;
  for (auto& each : core.take_effects())
    if (auto* wanted = std::get_if<Effect>(&each))
      found.push_back(std::move(*wanted));
  return found;
}

/// "up n2 session 1; ..." of all announcements since the last call.
std::string announced(membership_core& core) {
  std::string text;
  for (const auto& each : taken<effect::announce>(core))
    text += std::string{to_string(each.event.state)} + " " + each.event.name
            + " " + std::to_string(each.event.session) + "; ";
  return text;
}

/// Lets n2 dial and greet n1 with success.
void connect_to_first(membership_core& core, std::chrono::nanoseconds time,
                      std::uint64_t incarnation = 1) {
  core.tick(at(time));
  const auto dials = taken<effect::dial>(core);
  REQUIRE(dials.size() == 1);
  core.dialed("n1", dials[0].attempt, {}, at(time));
  const auto greets = taken<effect::greet>(core);
  REQUIRE(greets.size() == 1);
  CHECK_FALSE(greets[0].again);
  core.greeted("n1", greets[0].attempt, of("n1", incarnation), at(time));
}

std::string last_observed(const membership_core& core, const char* node) {
  const auto all = core.explain(node).value();
  return all.empty() ? "" : all.back().kind + ": " + all.back().text;
}

} // namespace

TEST_CASE("a node dials those before it in the file and waits for the rest") {
  for (const auto& [self, expected] :
       {std::pair{"n1", 0u}, {"n2", 1u}, {"n3", 2u}}) {
    membership_core core{settings(self), at(0s)};
    core.tick(at(0s));
    CHECK(taken<effect::dial>(core).size() == expected);
    CHECK(core.next_wake().has_value() == (expected > 0));
  }
}

TEST_CASE("a failed dial is repeated after waits that double up to a second") {
  membership_core core{settings("n2"), at(0s)};
  std::chrono::nanoseconds time = 0s;
  for (const auto longest :
       {50ms, 100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    core.tick(at(time));
    const auto dials = taken<effect::dial>(core);
    REQUIRE(dials.size() == 1);
    core.dialed("n1", dials[0].attempt,
                fail(errc::unavailable, "connection refused"), at(time));
    const auto wait = *core.next_wake() - time;
    CHECK(wait <= longest);
    CHECK(wait >= longest * 3 / 4);
    time += wait;
  }
  const auto seen = core.explain("n1").value();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].times == 7);
  CHECK(seen[0].text == "connection refused");
  CHECK(seen[0].last_at > seen[0].first_at);
}

TEST_CASE("a dial or a hello without an answer is given up and repeated") {
  membership_core core{settings("n2"), at(0s)};
  core.tick(at(0s));
  const auto first = taken<effect::dial>(core).at(0);
  core.tick(at(5s));
  CHECK(last_observed(core, "n1") == "dial: no connection within 5s");
  core.dialed("n1", first.attempt, {}, at(5s));
  CHECK(taken<effect::greet>(core).empty());
  core.tick(at(6s));
  core.dialed("n1", taken<effect::dial>(core).at(0).attempt, {}, at(6s));
  const auto greet = taken<effect::greet>(core).at(0);
  core.tick(at(8s));
  CHECK(last_observed(core, "n1") == "hello: no answer to hello within 2s");
  core.greeted("n1", greet.attempt, of("n1"), at(8s));
  CHECK(announced(core).empty());
}

TEST_CASE("an accepted node is up, lost once, and back") {
  membership_core core{settings("n2"), at(0s)};
  connect_to_first(core, 0s);
  CHECK(announced(core) == "up n1 1; ");
  core.lost("n1", 1, "connection lost", at(10s));
  core.lost("n1", 1, "connection lost", at(10s));
  CHECK(announced(core) == "down n1 1; ");
  connect_to_first(core, 11s);
  CHECK(announced(core) == "back n1 2; ");
  core.lost("n1", 1, "late news", at(12s));
  CHECK(announced(core).empty());
  core.lost("n1", 2, "connection lost", at(12s));
  connect_to_first(core, 13s, 2);
  CHECK(core.peers()[0].restarts == 1);
  CHECK(core.peers()[0].reason == "restarted as incarnation 2");
}

TEST_CASE("a hello of a node that waits to be heard makes it a member") {
  membership_core core{settings("n1"), at(0s)};
  CHECK(core.heard(of("n2"), std::nullopt, at(1s)));
  CHECK(core.heard(of("n3"), result<std::string>{"n3"}, at(1s)));
  CHECK(announced(core) == "up n2 1; up n3 1; ");
  CHECK(core.heard(of("n2"), std::nullopt, at(2s)));
  CHECK(core.take_effects().empty());
  CHECK(core.present().size() == 3);
}

TEST_CASE("a newer incarnation replaces a node whose loss was not noticed") {
  membership_core core{settings("n1"), at(0s)};
  REQUIRE(core.heard(of("n2", 1), std::nullopt, at(1s)));
  core.take_effects();
  REQUIRE(core.heard(of("n2", 2), std::nullopt, at(2s)));
  CHECK(announced(core) == "down n2 1; back n2 2; ");
  core.lost("n2", 1, "the old connection", at(3s));
  CHECK(announced(core).empty());
}

TEST_CASE("an older incarnation is refused and told that it is one") {
  membership_core core{settings("n1"), at(0s)};
  REQUIRE(core.heard(of("n2", 5), std::nullopt, at(1s)));
  core.lost("n2", 1, "connection lost", at(2s));
  core.take_effects();
  const auto refused = core.heard(of("n2", 4), std::nullopt, at(3s));
  CHECK(refused.error()
        == failure{errc::already_exists, "incarnation 5 of node n2 is known, "
                                         "this is the older 4"});
  CHECK(announced(core).empty());
  membership_core leftover{settings("n2"), at(0s)};
  leftover.tick(at(0s));
  leftover.dialed("n1", taken<effect::dial>(leftover).at(0).attempt, {},
                  at(0s));
  leftover.greeted("n1", taken<effect::greet>(leftover).at(0).attempt,
                   tl::unexpected(refused.error()), at(0s));
  CHECK(taken<effect::fenced>(leftover).size() == 1);
}

TEST_CASE("a leftover learns of itself also from a hello that it hears") {
  membership_core leftover{settings("n1"), at(0s)};
  auto from = of("n2");
  from.known_incarnation = 4;
  CHECK(leftover.heard(from, std::nullopt, at(1s)).error().code
        == errc::permission_denied);
  CHECK(leftover.heard(from, std::nullopt, at(1s)).error().code
        == errc::permission_denied);
  CHECK(taken<effect::fenced>(leftover).size() == 1);
  from.known_incarnation = 3;
  CHECK(leftover.heard(from, std::nullopt, at(1s)));
}

TEST_CASE(
    "who is not the node that it claims to be is refused with the reason") {
  membership_core core{settings("n1"), at(0s)};
  const auto refusal = [&](const introduction& from,
                           std::optional<result<std::string>> verified =
                               std::nullopt) {
    const auto outcome = core.heard(from, verified, at(1s));
    REQUIRE_FALSE(outcome);
    return to_string(outcome.error());
  };
  CHECK(refusal(of("n2"), result<std::string>{"n3"})
        == "permission_denied: it calls itself n2 and is verified as n3");
  CHECK(refusal(of("n2"), fail(errc::unavailable, "no certificate"))
        == "unavailable: no certificate");
  CHECK(refusal(of("n9")).starts_with("not_found: cluster demo has no node"));
  CHECK(refusal(of("n1")).starts_with("permission_denied: two processes run"));
  auto from = of("n2");
  from.cluster = "other";
  CHECK(refusal(from).starts_with("invalid_argument: expected cluster demo"));
  from = of("\x1b[31m");
  CHECK(refusal(from).find('\x1b') == std::string::npos);
  CHECK(announced(core).empty());
  CHECK(core.explain("n2")->size() == 3);
  CHECK(core.explain("n1")->size() == 3);
  CHECK(core.explain("n0").error().message
        == "cluster demo has no node n0; did you mean n1?");
}

TEST_CASE("a different configuration is refused at its differing path") {
  membership_core core{settings("n1"), at(0s)};
  auto from = of("n2");
  from.config_hash = "h2";
  from.config = R"({"nodes":[{"name":"n7"}]})";
  CHECK(core.heard(from, std::nullopt, at(1s)).error()
        == failure{errc::invalid_argument,
                   "the configurations of n1 and n2 differ at nodes[0].name: "
                   "start both with the same file"});
  from.config = "not json";
  CHECK(core.heard(from, std::nullopt, at(1s)).error().message
        == "the configurations of n1 and n2 differ: start both with the same "
           "file");
}

TEST_CASE("a welcome of the wrong node or configuration is not accepted") {
  membership_core core{settings("n2"), at(0s)};
  core.tick(at(0s));
  core.dialed("n1", taken<effect::dial>(core).at(0).attempt, {}, at(0s));
  core.greeted("n1", taken<effect::greet>(core).at(0).attempt, of("n3"),
               at(0s));
  CHECK(announced(core).empty());
  CHECK(last_observed(core, "n1")
        == "refused: its welcome is not accepted: it calls itself n3 and is "
           "verified as n1");
  CHECK(core.next_wake() <= 50ms);
}

TEST_CASE("a node that says goodbye has left, and is back only newer") {
  membership_core core{settings("n1"), at(0s)};
  REQUIRE(core.heard(of("n2", 1), std::nullopt, at(1s)));
  core.take_effects();
  CHECK_FALSE(core.said_goodbye("n2", 9, "stop", at(2s)));
  CHECK(core.said_goodbye("n2", 1, "stop", at(2s)));
  CHECK_FALSE(core.said_goodbye("n2", 1, "stop", at(2s)));
  core.lost("n2", 1, "connection lost", at(3s));
  CHECK(announced(core) == "left n2 1; ");
  CHECK(core.heard(of("n2", 1), std::nullopt, at(4s)).error().code
        == errc::unavailable);
  CHECK(core.heard(of("n2", 2), std::nullopt, at(4s)));
  CHECK(announced(core) == "back n2 2; ");
}

TEST_CASE("a node that leaves dials and accepts nobody") {
  membership_core core{settings("n2"), at(0s)};
  core.leave("stop", at(1s));
  core.leave("stop", at(1s));
  CHECK(announced(core) == "left n2 1; ");
  core.tick(at(10s));
  CHECK(core.take_effects().empty());
  CHECK_FALSE(core.next_wake());
  CHECK(core.heard(of("n3"), std::nullopt, at(10s)).error().code
        == errc::unavailable);
}

TEST_CASE("the hello is repeated, and its refusal ends the membership") {
  membership_core core{settings("n2"), at(0s)};
  connect_to_first(core, 0s);
  core.take_effects();
  const auto greet_again = [&](std::chrono::nanoseconds time) {
    core.tick(at(time));
    const auto greets = taken<effect::greet>(core);
    REQUIRE(greets.size() == 1);
    CHECK(greets[0].again);
    return greets[0].attempt;
  };
  core.greeted("n1", greet_again(2s), of("n1"), at(2s));
  CHECK(core.take_effects().empty());
  core.greeted("n1", greet_again(4s), fail(errc::timed_out, "no answer"),
               at(4s));
  CHECK(core.take_effects().empty());
  CHECK(last_observed(core, "n1") == "hello: no answer");
  core.greeted("n1", greet_again(6s),
               fail(errc::invalid_argument, "another configuration"), at(6s));
  CHECK(announced(core) == "down n1 1; ");
}

TEST_CASE("a node that accepts and drops at once is dialed ever more slowly") {
  membership_core core{settings("n2"), at(0s)};
  std::chrono::nanoseconds time = 0s;
  for (std::uint64_t session = 1; session <= 6; ++session) {
    connect_to_first(core, time);
    core.lost("n1", session, "connection lost", at(time));
    time = *core.next_wake();
  }
  CHECK(time > 1s);
  connect_to_first(core, time);
  core.lost("n1", 7, "connection lost", at(time + 10s));
  CHECK(*core.next_wake() <= time + 10s + 50ms);
}

TEST_CASE("only the last observations are kept, and long texts are cut") {
  membership_core core{settings("n1"), at(0s)};
  for (std::uint64_t i = 1; i <= 200; ++i) {
    REQUIRE(core.heard(of("n2", i), std::nullopt, at(1s)));
    core.lost("n2", i, std::string(10'000, 'x'), at(1s));
  }
  const auto seen = core.explain("n2").value();
  CHECK(seen.size() == 100);
  for (const auto& each : seen)
    CHECK(each.text.size() <= 500);
}

TEST_CASE("a node that is not reached is reported when that lasts") {
  membership_core core{settings("n2"), at(0s)};
  CHECK(core.peers()[0].reason == "it has not been reached yet");
  CHECK(core.peers()[2].reason == "it has not connected yet");
  const auto fail_dial = [&](std::chrono::nanoseconds time,
                             const std::string& why) {
    core.tick(at(time));
    for (const auto& dial : taken<effect::dial>(core))
      core.dialed(dial.name, dial.attempt, fail(errc::unavailable, why),
                  at(time));
    return core.take_reports();
  };
  for (auto time = 0s; time < 5s; time += 1s)
    CHECK(fail_dial(time, "refused").empty());
  const membership_report expected{"n1", "dial", "refused"};
  CHECK(fail_dial(5s, "refused") == std::vector{expected});
  CHECK(core.peers()[0].reason == "refused");
  // The same is said once a minute, something else after a while.
  for (auto time = 6s; time < 65s; time += 1s)
    CHECK(fail_dial(time, "refused").empty());
  CHECK(fail_dial(65s, "refused").size() == 1);
  CHECK(fail_dial(67s, "no route").empty());
  CHECK(fail_dial(70s, "no route").size() == 1);
}

TEST_CASE("coming, going and being refused are reported at once") {
  membership_core core{settings("n2"), at(0s)};
  connect_to_first(core, 0s);
  CHECK(core.take_reports().size() == 1);
  core.lost("n1", 1, "connection lost", at(1s));
  const membership_report lost{"n1", "down", "connection lost"};
  CHECK(core.take_reports() == std::vector{lost});
  CHECK(core.peers()[0].reason == "connection lost");
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(core.heard({"demo", "n3", 1, "other", {}, 0}, {}, at(2s)));
  const auto reports = core.take_reports();
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].kind == "refused");
  CHECK(core.peers()[2].reason.find("differ") != std::string::npos);
  core.tick(at(3s));
  for (const auto& dial : taken<effect::dial>(core))
    core.dialed("n1", dial.attempt,
                fail(errc::permission_denied, "bad certificate"), at(3s));
  CHECK(core.take_reports().size() == 1);
  CHECK(core.peers()[0].reason
        == "connection lost; since then: bad certificate");
}

} // namespace weft::actors
