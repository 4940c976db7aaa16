#include "apps/byzantine/core/council.hpp"
#include "apps/byzantine/post/campaign_core.hpp"
#include "apps/byzantine/post/relay_tuple.hpp"
#include "apps/byzantine/signing/ed25519.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weft::byzantine::test {

namespace {

using namespace std::chrono_literals;

/// A space of one list, in virtual time, and generals who use it by turns.
class paper_campaign {
public:
  explicit paper_campaign(plan what, campaign_options options = {})
      : what_{std::move(what)}, keys_{what_.algorithm == algorithm::written
                                          ? make_ed25519_keys(what_.generals,
                                                              what_.seed)
                                          : key_rings{}} {
    for (general_id who = 0; who < what_.generals; ++who)
      generals_.push_back(std::make_unique<campaign_core>(
          what_, who, keys_.empty() ? nullptr : keys_[who].get(),
          what_.is_traitor(who) ? make_treason(what_, who) : nullptr, options));
  }

  /// A general whose node died: it does nothing.
  void lose(general_id who) { lost_.insert(who); }

  /// What a stranger puts into the space before the run.
  void plant(spaces::tuple mail) { space_.push_back(std::move(mail)); }

  outcome run() {
    for (general_id who = 0; who < what_.generals; ++who)
      if (!lost_.contains(who))
        take(who, generals_[who]->begin(now_));
    while (finished_ + lost_.size() < what_.generals)
      advance();
    outcome how{.decisions = {}, .rounds = what_.rounds()};
    for (general_id who = 0; who < what_.generals; ++who) {
      if (lost_.contains(who))
        continue;
      const auto& general = generals_[who]->general();
      how.decisions[who] = general.decision();
      how.messages += generals_[who]->messages();
      how.rejected_signatures += general.rejected_signatures();
    }
    judge(what_, how);
    return how;
  }

  const campaign_core& general(general_id who) const { return *generals_[who]; }
  spaces::duration elapsed() const { return now_ - spaces::time_point{}; }
  std::size_t tuples() const { return space_.size(); }
  std::size_t largest_batch() const { return largest_batch_; }
  const std::vector<spaces::duration>& leases() const { return leases_; }

private:
  struct waiting {
    general_id who;
    spaces::time_point until;
  };

  void take(general_id who, campaign_step next) {
    std::visit([&](auto& step) { carry_out(who, step); }, next);
  }

  void carry_out(general_id who, campaign::post& step) {
    for (auto& batch : step.batches) {
      largest_batch_ = std::max(largest_batch_, batch.size());
      const auto to = batch.front().what[recipient_field].as_i64();
      for (auto& one : batch) {
        CHECK(one.what[recipient_field].as_i64() == to);
        leases_.push_back(one.lease.value());
        space_.push_back(std::move(one.what));
      }
    }
    take(who, generals_[who]->posted(now_));
  }

  void carry_out(general_id who, campaign::wait& step) {
    CHECK(step.parties == what_.generals);
    barriers_[step.barrier].push_back({who, now_ + step.timeout});
  }

  void carry_out(general_id who, campaign::collect& step) {
    std::vector<spaces::tuple> found;
    std::erase_if(space_, [&](const spaces::tuple& one) {
      if (found.size() == step.limit || !step.mail.matches(one))
        return false;
      found.push_back(one);
      return true;
    });
    take(who, generals_[who]->heard(found, now_));
  }

  void carry_out(general_id, campaign::finish&) { ++finished_; }

  /// Opens a barrier at which all have arrived, or lets the time of the
  /// others pass.
  void advance() {
    REQUIRE(!barriers_.empty());
    auto at = barriers_.begin()->second;
    barriers_.erase(barriers_.begin());
    const bool complete = at.size() == what_.generals;
    for (const auto& one : at) {
      if (!complete)
        now_ = std::max(now_, one.until);
      auto& general = *generals_[one.who];
      take(one.who, complete ? general.gathered() : general.time_up());
    }
  }

  plan what_;
  key_rings keys_;
  std::vector<std::unique_ptr<campaign_core>> generals_;
  std::set<general_id> lost_;
  std::deque<spaces::tuple> space_;
  std::map<std::string, std::vector<waiting>> barriers_;
  std::vector<spaces::duration> leases_;
  std::size_t largest_batch_ = 0;
  std::size_t finished_ = 0;
  spaces::time_point now_{};
};

plan of(algorithm how, std::uint32_t generals, std::uint32_t traitors_max,
        std::set<general_id> traitors = {},
        strategy betrayal = strategy::random) {
  return {.generals = generals,
          .traitors_max = traitors_max,
          .algorithm = how,
          .traitors = std::move(traitors),
          .strategy = betrayal,
          .instance = 7};
}

key_rings keys_for(const plan& what) {
  return what.algorithm == algorithm::written
             ? make_ed25519_keys(what.generals, what.seed)
             : key_rings{};
}

} // namespace

TEST_CASE("generals who write tuples come to what the plain loop comes to") {
  const plan plans[] = {
      of(algorithm::oral, 4, 1),
      of(algorithm::oral, 7, 2),
      of(algorithm::oral, 10, 3),
      of(algorithm::oral, 7, 2, {0, 4}),
      of(algorithm::oral, 7, 2, {1, 2}, strategy::collude),
      of(algorithm::oral, 4, 1, {3}, strategy::silent),
      of(algorithm::oral, 4, 0, {3}, strategy::split),
      of(algorithm::written, 4, 2, {0, 3}, strategy::forge),
      of(algorithm::written, 5, 3, {0, 3, 4}, strategy::collude),
      of(algorithm::written, 6, 1),
  };
  for (const auto& what : plans) {
    paper_campaign campaign{what};
    const auto how = campaign.run();
    const auto plain = run_council(what, keys_for(what));
    CHECK(how.decisions == plain.decisions);
    CHECK(how.messages == plain.messages);
    CHECK(how.rejected_signatures == plain.rejected_signatures);
    CHECK(how.holds());
    CHECK(campaign.tuples() == 0);
  }
}

TEST_CASE("by tuples too, no traitor among four breaks agreement") {
  for (general_id traitor = 0; traitor < 4; ++traitor)
    for (auto betrayal : {strategy::random, strategy::split, strategy::silent,
                          strategy::collude, strategy::last_round})
      for (auto commanded : {order::attack, order::retreat}) {
        auto what = of(algorithm::oral, 4, 1, {traitor}, betrayal);
        what.commanded = commanded;
        CHECK(paper_campaign{what}.run().holds());
      }
}

TEST_CASE("generals who all arrive wait for no deadline") {
  paper_campaign campaign{of(algorithm::oral, 4, 1, {2}, strategy::silent),
                          {.deadline = 1h}};
  CHECK(campaign.run().holds());
  CHECK(campaign.elapsed() == 0s);
  CHECK(campaign.general(1).overdue_rounds() == 0);
}

TEST_CASE("a lost general costs a deadline a round and no agreement") {
  for (general_id lost : {0, 3}) {
    paper_campaign campaign{of(algorithm::oral, 4, 1), {.deadline = 5s}};
    campaign.lose(lost);
    const auto how = campaign.run();
    CHECK(how.agreement);
    CHECK(how.decisions.at(1)
          == (lost == commander ? order::retreat : order::attack));
    CHECK(campaign.elapsed() == 10s);
    CHECK(campaign.general(1).overdue_rounds() == 2);
  }
}

TEST_CASE("mail goes in batches for one recipient each") {
  paper_campaign campaign{of(algorithm::oral, 7, 2), {.batch = 3}};
  const auto how = campaign.run();
  CHECK(how.messages == 156);
  CHECK(how.holds());
  CHECK(campaign.largest_batch() == 3);
  CHECK(campaign.tuples() == 0);
}

TEST_CASE("mail that nobody takes goes by itself") {
  paper_campaign campaign{of(algorithm::oral, 4, 1), {.deadline = 5s}};
  campaign.lose(3);
  campaign.run();
  CHECK(campaign.tuples() > 0);
  for (auto lease : campaign.leases()) {
    CHECK(lease >= 10s);
    CHECK(lease <= 15s);
  }
}

TEST_CASE("what is no mail, or of another run, does not disturb") {
  paper_campaign campaign{of(algorithm::oral, 4, 1)};
  const relay other{.instance = 8,
                    .round = 1,
                    .path = {0},
                    .from = 0,
                    .to = 1,
                    .value = order::retreat,
                    .signatures = {}};
  campaign.plant(to_tuple(other, 0));
  campaign.plant(
      spaces::tuple_of("relay", 7, 1, "no path", 0, 1, "retreat", "no bytes"));
  CHECK(campaign.run().holds());
  // That of the other run is for others to take.
  CHECK(campaign.tuples() == 1);
}

TEST_CASE("a stranger's signed message is rejected and counted") {
  auto what = of(algorithm::written, 4, 1);
  relay lie{.instance = what.instance,
            .round = 1,
            .path = {0},
            .from = 0,
            .to = 1,
            .value = order::retreat,
            .signatures = {}};
  // Signed in the commander's place, with keys of another run.
  sign_last(lie, *make_ed25519_keys(4, 99)[0]);
  paper_campaign campaign{what};
  campaign.plant(to_tuple(lie, 0));
  const auto how = campaign.run();
  CHECK(how.holds());
  CHECK(how.decisions.at(1) == order::attack);
  CHECK(how.rejected_signatures == 1);
}

} // namespace weft::byzantine::test
