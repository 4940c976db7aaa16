#include "runtime/launcher/launch_core.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

using namespace std::chrono_literals;

/// Random events against the core, with a model of the operating system that
/// counts processes. Checked after every event:
///  1. a node never has two processes, nor a spawn while one runs;
///  2. only living processes are signalled;
///  3. never more starting nodes than the limit;
/// and at the end of every run, after a stop: the core finishes within the
/// time that its limits promise, and every process that was spawned has been
/// waited for, unless it outlived its SIGKILL by the limit.
namespace weft::launcher {

namespace {

struct system_model {
  system_model(std::size_t nodes, std::uint64_t seed) : random(seed) {
    for (std::size_t i = 1; i <= nodes; ++i)
      names.push_back(fmt::format("n{}", i));
    limits.starting_max = 2;
    limits.ready_timeout = 3s;
    limits.stop_timeout = 2s;
    limits.kill_timeout = 1s;
    core.emplace("demo", names, limits);
  }

  std::size_t below(std::size_t n) { return random() % n; }

  void carry_out() {
    for (auto effects = core->take_effects(); !effects.empty();
         effects = core->take_effects())
      for (const auto& each : effects)
        std::visit([this](const auto& what) { perform(what); }, each);
    std::size_t starting = 0;
    for (const auto& node : core->nodes())
      starting += node.state == node_state::starting ? 1 : 0;
    CHECK(starting <= limits.starting_max);
  }

  void perform(const spawn_node& what) {
    CHECK_FALSE(processes.contains(what.node));
    CHECK_FALSE(ended);
    if (below(10) == 0) {
      core->spawn_failed(what.node, "no memory", now);
      return;
    }
    processes[what.node] = ++last_pid;
    ++spawned;
    core->spawned(what.node, last_pid, now);
  }
  void perform(const signal_node& what) {
    REQUIRE(processes.contains(what.node));
    CHECK(processes[what.node] == what.pid);
    if (what.kill)
      killed.insert(what.node);
  }
  void perform(const report_exit& what) {
    CHECK_FALSE(processes.contains(what.node));
    CHECK(what.node != names.front());
  }
  void perform(const progress&) {}
  void perform(const finished&) {
    CHECK_FALSE(ended);
    ended = true;
  }

  /// By value: the name may come from `killed`, which loses it here.
  void end_process(std::string node, exit_status status) {
    const auto found = processes.find(node);
    if (found == processes.end())
      return;
    const auto pid = found->second;
    processes.erase(found);
    killed.erase(node);
    ++waited;
    core->exited(node, pid, status, now);
    carry_out();
  }

  void random_event() {
    const auto& node = names[below(names.size())];
    const auto pid = processes.contains(node) ? processes[node] : 0;
    switch (below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      static_cast<void>(core->ready(node, {pid, "", "", ""}, now));
      break;
    case 5:
      // The first node's end ends all, so that would be most runs.
      if (node != names.front() || below(20) == 0)
        end_process(node, {static_cast<int>(below(3)), 0});
      break;
    case 6:
    case 7:
      static_cast<void>(core->restart(
          node, {"", std::chrono::milliseconds{below(500)}, 0}, now));
      break;
    case 8:
      static_cast<void>(core->restart(node, {"", 0s, pid}, now));
      break;
    case 9:
      now += std::chrono::milliseconds{below(1500)};
      core->tick(now);
      break;
    case 10:
      if (!killed.empty())
        end_process(*killed.begin(), {0, SIGKILL});
      break;
    default:
      if (below(50) == 0)
        core->give_up("enough", now);
      if (below(50) == 0)
        core->interrupt(now);
    }
    carry_out();
  }

  /// Every process obeys SIGKILL; some have obeyed SIGTERM before.
  void finish() {
    core->stop(now);
    carry_out();
    const auto promised = now
                          + names.size()
                                * (limits.stop_timeout + limits.kill_timeout
                                   + limits.ready_timeout);
    while (!ended) {
      while (!killed.empty())
        end_process(*killed.begin(), {0, SIGKILL});
      if (ended)
        break;
      const auto next = core->next_deadline();
      REQUIRE(next.has_value());
      now = *next;
      REQUIRE(now <= promised);
      core->tick(now);
      carry_out();
    }
    CHECK(processes.empty());
    CHECK(waited == spawned);
  }

  std::mt19937_64 random;
  std::vector<std::string> names;
  launch_limits limits;
  std::optional<launch_core> core;
  time_point now{1h};
  std::map<std::string, pid_t> processes;
  std::set<std::string> killed;
  pid_t last_pid = 100;
  int spawned = 0;
  int waited = 0;
  bool ended = false;
};

} // namespace

TEST_CASE("random events never double a process, leak one or prevent the "
          "stop") {
  const char* given = std::getenv("WEFT_SEED");
  const std::uint64_t seed =
      given == nullptr ? std::random_device{}() : std::stoull(given);
  INFO("replay with WEFT_SEED=", seed);
  MESSAGE("seed ", seed);
  int restarted = 0;
  int ran = 0;
  for (std::uint64_t run = 0; run < 2000; ++run) {
    CAPTURE(run);
    system_model model{1 + run % 6, seed + run};
    model.core->start(model.now);
    model.carry_out();
    for (int step = 0; step < 120 && !model.ended; ++step)
      model.random_event();
    for (const auto& node : model.core->nodes())
      restarted += node.restarts > 0 ? 1 : 0;
    ran += model.core->phase() == cluster_phase::running ? 1 : 0;
    if (!model.ended)
      model.finish();
    // What is left is only what did not obey SIGKILL in time.
    for (const auto& [node, pid] : model.processes)
      CHECK_MESSAGE(model.killed.contains(node), node);
  }
  // The events reach what they are to exercise.
  CHECK(restarted > 100);
  CHECK(ran > 20);
}

} // namespace weft::launcher
