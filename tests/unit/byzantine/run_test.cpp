#include "actors/space/local_space.hpp"
#include "apps/byzantine/actors/general.hpp"
#include "apps/byzantine/actors/run.hpp"
#include "apps/byzantine/post/relay_tuple.hpp"
#include "apps/byzantine/signing/ed25519.hpp"
#include "runtime/caf/system_config.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <map>
#include <set>
#include <utility>

namespace weft::byzantine::test {

namespace {

using namespace std::chrono_literals;

/// A space in which generals meet.
struct field_of_war {
  system_config config;
  caf::actor_system system{config};
  space mail = start_local_space(
      system, {.routing_fields = {recipient_field}, .limits = {}});

  /// A run in which some generals never come.
  result<campaign_result> run(const plan& what,
                              const std::set<general_id>& absent = {},
                              std::chrono::nanoseconds deadline = 1min) {
    return run_campaign(
        system, what,
        {.mail = mail,
         .deadline = deadline,
         .start = [&](general_id who) -> result<general_actor> {
           auto one = spawn_general(system, mail, {who, what, deadline});
           if (absent.contains(who))
             caf::anon_send_exit(one, caf::exit_reason::kill);
           return one;
         },
         .cancelled = {}});
  }

  std::uint64_t tuples() {
    return mail.count(spaces::pattern::make({}, true).value()).value();
  }
};

plan campaign_of(algorithm how, std::uint32_t generals,
                 std::uint32_t traitors_max, std::set<general_id> traitors,
                 strategy betrayal) {
  return {.generals = generals,
          .traitors_max = traitors_max,
          .algorithm = how,
          .traitors = std::move(traitors),
          .strategy = betrayal,
          .instance = 1};
}

} // namespace

TEST_CASE_FIXTURE(field_of_war,
                  "actors come to what the plain loop comes to, and leave no "
                  "tuple behind") {
  const plan plans[] = {
      campaign_of(algorithm::oral, 4, 1, {}, strategy::random),
      campaign_of(algorithm::oral, 7, 2, {2, 5}, strategy::collude),
      campaign_of(algorithm::oral, 10, 3, {0, 1}, strategy::random),
      campaign_of(algorithm::written, 5, 3, {1, 2, 4}, strategy::forge),
  };
  for (const auto& what : plans) {
    const auto came = run(what);
    REQUIRE(came);
    const auto keys = what.algorithm == algorithm::written
                          ? make_ed25519_keys(what.generals, what.seed)
                          : key_rings{};
    const auto plain = run_council(what, keys);
    CHECK(came->how.decisions == plain.decisions);
    CHECK(came->how.messages == plain.messages);
    CHECK(came->how.rejected_signatures == plain.rejected_signatures);
    CHECK(came->how.rounds == plain.rounds);
    CHECK(came->how.holds());
    CHECK(came->lost.empty());
    CHECK(came->overdue_rounds == 0);
    CHECK(came->left_over == 0);
    CHECK(tuples() == 0);
  }
}

TEST_CASE_FIXTURE(field_of_war, "a dead general counts as a traitor, and what "
                                "was for it is removed") {
  const auto came =
      run(campaign_of(algorithm::oral, 4, 1, {}, strategy::random), {2}, 20ms);
  REQUIRE(came);
  CHECK(came->lost == std::set<general_id>{2});
  CHECK(came->how.decisions
        == std::map<general_id, order>{
            {0, order::attack}, {1, order::attack}, {3, order::attack}});
  CHECK(came->how.holds());
  CHECK(came->overdue_rounds == 2);
  // One from the commander, one from each other lieutenant.
  CHECK(came->left_over == 3);
  CHECK(tuples() == 0);
}

TEST_CASE_FIXTURE(field_of_war, "two runs in one space do not mix") {
  auto one = campaign_of(algorithm::oral, 7, 2, {3}, strategy::random);
  auto two = campaign_of(algorithm::oral, 7, 2, {4}, strategy::split);
  two.commanded = order::retreat;
  two.instance = 2;
  auto other = std::async(std::launch::async, [&] { return run(two); });
  const auto first = run(one);
  const auto second = other.get();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->how.decisions == run_council(one, {}).decisions);
  CHECK(second->how.decisions == run_council(two, {}).decisions);
  CHECK(first->how.messages == run_council(one, {}).messages);
  CHECK(tuples() == 0);
}

TEST_CASE_FIXTURE(field_of_war,
                  "a stranger with no keys is not believed, and leaves nothing "
                  "behind") {
  const auto what = campaign_of(algorithm::written, 4, 1, {}, strategy::random);
  relay lie{.instance = what.instance,
            .round = 1,
            .path = {0},
            .from = 0,
            .to = 1,
            .value = order::retreat,
            .signatures = {}};
  sign_last(lie, *make_ed25519_keys(4, 99)[0]);
  REQUIRE(mail.write(to_tuple(lie, 0)));
  const auto came = run(what);
  REQUIRE(came);
  CHECK(came->how.decisions.at(1) == order::attack);
  CHECK(came->how.rejected_signatures == 1);
  CHECK(tuples() == 0);
}

TEST_CASE_FIXTURE(field_of_war, "a run that cannot start its generals fails") {
  const auto what = campaign_of(algorithm::oral, 4, 1, {}, strategy::random);
  const auto came =
      run_campaign(system, what,
                   {.mail = mail,
                    .deadline = 1min,
                    .start = [&](general_id who) -> result<general_actor> {
                      if (who == 2)
                        return fail(errc::unavailable, "no node for general 2");
                      return spawn_general(system, mail, {who, what, 1min});
                    },
                    .cancelled = {}});
  REQUIRE(!came);
  CHECK(came.error().message == "no node for general 2");
}

TEST_CASE("a run in this process needs nothing but a plan") {
  const auto came =
      run_here(campaign_of(algorithm::oral, 4, 1, {3}, strategy::random), 1min);
  REQUIRE(came);
  CHECK(came->how.holds());
  CHECK(came->how.decisions.size() == 4);
}

} // namespace weft::byzantine::test
