#pragma once

#include "tests/simulation/spaces/observed_histories.hpp"

namespace weft::spaces::simulation {

struct run_options {
  cluster_options cluster;
  /// At work at the same time on each node; one that dies is replaced.
  std::size_t users = 2;
  /// Calls of all users together.
  std::size_t calls = 40;
  duration think_max = std::chrono::milliseconds{10};
  /// Faults of each kind, spread over the time that the calls take.
  std::size_t broken_ways = 2;
  std::size_t node_crashes = 0;
  std::size_t shard_crashes = 0;
  /// Users die and stop calls once in so many.
  std::uint64_t deaths_once_in = 40;
  std::uint64_t stops_once_in = 20;
};

struct run_outcome {
  std::map<life_name, checkers::history> histories;
  /// What is wrong beside the histories: calls that hang, things that stay.
  std::vector<std::string> problems;
  std::size_t answered = 0;
  std::size_t unknown = 0;
};

/// Users of a tuple space on a simulated cluster: they write, read, take,
/// claim and swap, wait, give up and die, while ways break and nodes and
/// shards crash. Then all is mended, every call must be answered, a tuple must
/// be found from every node, and when all users have gone, nothing may be held
/// for them. The same seed and options give the same run.
run_outcome run_space(std::uint64_t seed, const run_options& options);

} // namespace weft::spaces::simulation
