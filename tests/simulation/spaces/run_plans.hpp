#pragma once

#include "tests/simulation/spaces/space_run.hpp"
#include "tests/support/checkers/linearizability.hpp"
#include "tests/support/checkers/unique_tuples.hpp"

#include <fmt/format.h>

namespace weft::spaces::simulation {

/// What kind of short run a seed is for; the order of all of them is checked.
inline run_options short_run(std::uint64_t seed, bug planted = bug::none) {
  using namespace std::chrono_literals;
  run_options made;
  auto& of = made.cluster;
  of.planted = planted;
  of.as_bytes = seed % 8 == 5;
  of.grace = seed % 3 == 0 ? 60ms : 300ms;
  of.client.patience = seed % 5 < 2 ? 80ms : 250ms;
  of.client.link.frames_max = 4;
  of.client.link.frame_items_max = 3;
  of.client.link.resend_after = 30ms;
  of.client.link.acknowledge_after = 4ms;
  switch (seed % 4) {
  case 0:
    of.loss = of.duplication = of.stragglers = 0;
    made.broken_ways = 0;
    break;
  case 2:
    made.node_crashes = 1;
    break;
  case 3:
    made.shard_crashes = 1;
    break;
  default:
    break;
  }
  return made;
}

/// Longer, with more of everything: for what must hold of each tuple.
inline run_options long_run(std::uint64_t seed, bug planted = bug::none) {
  auto made = short_run(4 * seed + 3, planted);
  made.cluster.shards = 3;
  made.cluster.nodes = 3;
  made.users = 4;
  made.calls = 2000;
  made.broken_ways = 40;
  made.node_crashes = 8;
  made.shard_crashes = 4;
  made.deaths_once_in = 100;
  return made;
}

struct judgement {
  /// The first thing that is wrong with a run, or "".
  std::string fault;
  std::size_t histories = 0;
  /// Histories with so much that is unknown that the search gave up.
  std::size_t undecided = 0;
};

/// `ordered`: also whether an order explains each history.
inline judgement judge(const run_outcome& run, bool ordered) {
  if (!run.problems.empty())
    return {run.problems.front(), 0, 0};
  judgement made;
  for (const auto& [where, history] : run.histories) {
    ++made.histories;
    const auto blame = [&](std::string_view why) {
      made.fault =
          fmt::format("shard {}, life {}: {}", where.shard, where.life, why);
    };
    if (const auto wrong = checkers::malformed(history); !wrong.empty()) {
      blame("malformed: " + wrong.front());
      return made;
    }
    if (const auto found = checkers::check_unique_tuples(history);
        !found.empty()) {
      blame(found.front().why);
      return made;
    }
    if (!ordered)
      continue;
    const auto order = checkers::check_linearizable(history);
    made.undecided += order.answer == checkers::verdict::undecided ? 1 : 0;
    if (order.answer == checkers::verdict::violated) {
      blame(order.why);
      return made;
    }
  }
  return made;
}

} // namespace weft::spaces::simulation
