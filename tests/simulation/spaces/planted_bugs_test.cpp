#include "tests/simulation/spaces/run_plans.hpp"
#include "tests/support/sanitized.hpp"

#include <doctest/doctest.h>

namespace weft::spaces::simulation {

namespace {

/// Within how many runs a bug is found, and what makes these runs differ from
/// short ones.
struct expectation {
  bug planted = bug::none;
  std::uint64_t runs = 50;
  void (*adapt)(run_options&) = nullptr;
};

/// Frames of sessions that are over still arrive.
void late_frames(run_options& plan) {
  plan.cluster.stragglers = 200;
  plan.broken_ways = 20;
}

/// A session is asked for more than once.
void short_breaks(run_options& plan) {
  plan.cluster.loss = 150;
  plan.broken_ways = 20;
  plan.shard_crashes = 2;
}

/// Some hold claims of a shard that is gone.
void many_crashes(run_options& plan) {
  plan.calls = 1000;
  plan.users = 8;
  plan.shard_crashes = 30;
  plan.deaths_once_in = 1000;
}

constexpr expectation expectations[] = {
    {bug::no_order},
    {bug::frame_swallowed},
    {bug::never_resent},
    {bug::old_session_accepted, 1000, late_frames},
    {bug::wrongly_known, 200},
    {bug::begun_anew, 500, short_breaks},
    {bug::session_never_ends},
    {bug::late_reply_lost},
    {bug::repeated_call, 200},
    {bug::unknown_as_failed, 200},
    {bug::stop_ignored},
    {bug::leave_ignored, 100},
    {bug::offer_takes, 100},
    {bug::take_stays},
    {bug::claim_not_hidden, 100},
    {bug::confirm_loses_writes, 100},
    {bug::swap_loses_write, 100},
    {bug::empty_answer},
    {bug::youngest_first, 100},
    {bug::claims_outlive_shard, 200, many_crashes},
};

/// The first seed from 1 on that finds it, and what it says.
std::pair<std::uint64_t, std::string> first_seed(const expectation& of) {
  for (std::uint64_t seed = 1; seed <= of.runs; ++seed) {
    auto plan = short_run(seed, of.planted);
    if (of.adapt)
      of.adapt(plan);
    auto fault = judge(run_space(seed, plan), plan.calls <= 40).fault;
    if (!fault.empty())
      return {seed, std::move(fault)};
  }
  return {};
}

} // namespace

TEST_CASE("each bug that is planted into the cluster is found") {
  CHECK(std::size(expectations) == bug_names.size() - 1);
  for (const auto& each : expectations) {
    const auto [seed, fault] = first_seed(each);
    CHECK_MESSAGE(seed > 0, to_string(each.planted));
    MESSAGE(to_string(each.planted), ": seed ", seed, ", ",
            fault.substr(0, fault.find('\n')));
  }
}

TEST_CASE("what makes bugs easier to find is no fault itself") {
  for (const auto& each : expectations) {
    if (!each.adapt)
      continue;
    const auto fewer_runs = test::fewer_if_sanitized(50);
    const auto fault = first_seed({bug::none, fewer_runs, each.adapt}).second;
    CHECK_MESSAGE(fault.empty(), to_string(each.planted), ": ", fault);
  }
}

} // namespace weft::spaces::simulation
