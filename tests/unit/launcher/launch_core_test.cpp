#include "runtime/launcher/launch_core.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

launch_limits test_limits() {
  launch_limits limits;
  limits.ready_timeout = 30s;
  limits.stop_timeout = 10s;
  limits.kill_timeout = 5s;
  limits.starting_max = 3;
  return limits;
}

/// A core, its clock, and its effects written as short words: "spawn n1",
/// "term n1 101", "kill n1 101", "exited n1 101 REASON",
/// "finished failed n1". Progress is kept apart.
struct core_bench {
  explicit core_bench(std::vector<std::string> nodes)
      : core("demo", std::move(nodes), test_limits()) {}

  std::vector<std::string> effects() {
    std::vector<std::string> words;
    for (const auto& each : core.take_effects())
      std::visit([&](const auto& what) { write(words, what); }, each);
    return words;
  }

  void write(std::vector<std::string>& to, const spawn_node& what) {
    to.push_back("spawn " + what.node);
  }
  void write(std::vector<std::string>& to, const signal_node& what) {
    to.push_back(fmt::format("{} {} {}", what.kill ? "kill" : "term", what.node,
                             what.pid));
  }
  void write(std::vector<std::string>& to, const report_exit& what) {
    to.push_back(
        fmt::format("exited {} {} {}", what.node, what.pid, what.reason));
  }
  void write(std::vector<std::string>&, const progress& what) {
    lines.push_back(what.text);
  }
  void write(std::vector<std::string>& to, const finished& what) {
    end = what.how;
    to.push_back(fmt::format("finished {}{}{}",
                             what.how.kind == outcome_kind::stopped ? "stopped"
                             : what.how.kind == outcome_kind::interrupted
                                 ? "interrupted"
                                 : "failed",
                             what.how.node.empty() ? "" : " ", what.how.node));
  }

  void ready(std::string_view node, pid_t pid) {
    REQUIRE(core.ready(node, {pid, "127.0.0.1:1", "", "7"}, now));
  }

  /// All nodes run as processes 101, 102, ...; their effects are taken.
  void bring_up() {
    core.start(now);
    pid_t pid = 101;
    for (const auto& node : core.nodes()) {
      core.spawned(node.name, pid, now);
      ready(node.name, pid++);
    }
    effects();
    REQUIRE(core.phase() == cluster_phase::running);
  }

  void pass(duration time) {
    now += time;
    core.tick(now);
  }

  node_view view(std::string_view name) const {
    const auto all = core.nodes();
    return *std::ranges::find(all, name, &node_view::name);
  }

  launch_core core;
  time_point now{1h};
  std::vector<std::string> lines;
  std::optional<outcome> end;
};

using words = std::vector<std::string>;

} // namespace

TEST_CASE("all nodes start at once, in the order of the file") {
  core_bench b{{"n1", "n2", "n3"}};
  b.core.start(b.now);
  CHECK(b.effects() == words{"spawn n1", "spawn n2", "spawn n3"});
  CHECK(b.core.phase() == cluster_phase::starting);
}

TEST_CASE("no more nodes start at a time than the limit allows") {
  core_bench b{{"n1", "n2", "n3", "n4", "n5"}};
  b.core.start(b.now);
  CHECK(b.effects() == words{"spawn n1", "spawn n2", "spawn n3"});
  b.core.spawned("n1", 101, b.now);
  b.core.spawned("n2", 102, b.now);
  CHECK(b.effects().empty());
  b.ready("n2", 102);
  CHECK(b.effects() == words{"spawn n4"});
  b.ready("n1", 101);
  CHECK(b.effects() == words{"spawn n5"});
}

TEST_CASE("the cluster runs when the last node has reported ready") {
  core_bench b{{"n1", "n2"}};
  b.core.start(b.now);
  b.core.spawned("n1", 101, b.now);
  b.core.spawned("n2", 102, b.now);
  b.now += 210ms;
  b.ready("n2", 102);
  CHECK(b.core.phase() == cluster_phase::starting);
  b.now += 690ms;
  b.ready("n1", 101);
  CHECK(b.core.phase() == cluster_phase::running);
  b.effects();
  CHECK(b.lines
        == words{"n2 ready 0.21 s", "n1 ready 0.90 s",
                 "cluster demo: 2 nodes ready in 0.90 s"});
  CHECK(b.core.next_deadline() == std::nullopt);
}

TEST_CASE("a ready report must come from the node's own process") {
  core_bench b{{"n1", "n2"}};
  b.core.start(b.now);
  CHECK(b.core.ready("n1", {101, "", "", ""}, b.now).error().code
        == errc::invalid_argument);
  b.core.spawned("n1", 101, b.now);
  CHECK(b.core.ready("n1", {999, "", "", ""}, b.now).error().code
        == errc::invalid_argument);
  CHECK(b.core.ready("n9", {101, "", "", ""}, b.now).error().code
        == errc::not_found);
  CHECK(b.view("n1").state == node_state::starting);
  b.ready("n1", 101);
  b.ready("n1", 101);
  CHECK(b.view("n1").state == node_state::ready);
  CHECK(b.view("n1").report.incarnation == "7");
}

TEST_CASE("a node that is being stopped cannot report ready") {
  core_bench b{{"n1"}};
  b.core.start(b.now);
  b.core.spawned("n1", 101, b.now);
  b.core.stop(b.now);
  CHECK(b.core.ready("n1", {101, "", "", ""}, b.now).error().code
        == errc::cancelled);
}

TEST_CASE("a node that ends while starting fails the cluster") {
  core_bench b{{"n1", "n2", "n3"}};
  b.core.start(b.now);
  for (pid_t i = 1; i <= 3; ++i)
    b.core.spawned(fmt::format("n{}", i), 100 + i, b.now);
  b.effects();
  b.core.exited("n2", 102, {3, 0}, b.now);
  CHECK(b.effects() == words{"term n1 101", "term n3 103"});
  b.core.exited("n3", 103, {0, SIGTERM}, b.now);
  b.core.exited("n1", 101, {0, 0}, b.now);
  CHECK(b.effects() == words{"finished failed n2"});
  CHECK(b.end->reason == "node n2 ended before it was ready: exit code 3");
  CHECK(b.view("n2").state == node_state::failed);
}

TEST_CASE("a ready node that ends before the others are ready fails the "
          "cluster") {
  core_bench b{{"n1", "n2"}};
  b.core.start(b.now);
  b.core.spawned("n1", 101, b.now);
  b.core.spawned("n2", 102, b.now);
  b.ready("n2", 102);
  b.core.exited("n2", 102, {0, SIGSEGV}, b.now);
  b.core.exited("n1", 101, {0, 0}, b.now);
  b.effects();
  CHECK(b.end->reason == "node n2 ended before all were ready: signal SIGSEGV");
}

TEST_CASE("a node that cannot be spawned fails the cluster") {
  core_bench b{{"n1"}};
  b.core.start(b.now);
  b.core.spawn_failed("n1", "no such file", b.now);
  CHECK(b.effects() == words{"spawn n1", "finished failed n1"});
  CHECK(b.end->reason == "node n1 could not be started: no such file");
}

TEST_CASE("a node that is not ready in time fails the cluster") {
  core_bench b{{"n1", "n2"}};
  b.core.start(b.now);
  b.core.spawned("n1", 101, b.now);
  b.core.spawned("n2", 102, b.now);
  b.ready("n1", 101);
  b.effects();
  CHECK(b.core.next_deadline() == b.now + 30s);
  b.pass(30s - 1ns);
  CHECK(b.effects().empty());
  b.pass(1ns);
  CHECK(b.effects() == words{"term n2 102"});
  b.core.exited("n2", 102, {0, SIGTERM}, b.now);
  b.core.exited("n1", 101, {0, 0}, b.now);
  b.effects();
  CHECK(b.end->kind == outcome_kind::failed);
  CHECK(b.end->reason
        == "node n2 was not ready within 30s; raise launcher.ready_timeout, or "
           "see its log for what it waits for");
  CHECK(b.end->code == errc::timed_out);
}

TEST_CASE("an interrupted start ends all that is not ready at once, soon with "
          "SIGKILL, and then what is ready in order") {
  core_bench b{{"n1", "n2", "n3"}};
  b.core.start(b.now);
  for (pid_t i = 1; i <= 3; ++i)
    b.core.spawned(fmt::format("n{}", i), 100 + i, b.now);
  b.ready("n2", 102);
  b.effects();
  b.core.interrupt(b.now);
  CHECK(b.effects() == words{"term n1 101", "term n3 103"});
  b.pass(3s - 1ns);
  CHECK(b.effects().empty());
  b.pass(1ns);
  CHECK(b.effects() == words{"kill n1 101", "kill n3 103"});
  b.core.exited("n3", 103, {0, SIGKILL}, b.now);
  CHECK(b.effects() == words{"term n2 102"});
  b.core.exited("n1", 101, {0, SIGKILL}, b.now);
  b.pass(10s - 1ns);
  CHECK(b.effects().empty());
  b.core.exited("n2", 102, {0, 0}, b.now);
  CHECK(b.effects() == words{"finished interrupted"});
}

TEST_CASE("the end of the first node ends the cluster and says why") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.exited("n1", 101, {0, SIGKILL}, b.now);
  CHECK(b.effects() == words{"term n2 102"});
  b.core.exited("n2", 102, {0, 0}, b.now);
  CHECK(b.effects() == words{"finished failed n1"});
  CHECK(b.end->reason
        == "node n1, which carries the cluster supervisor, ended: signal "
           "SIGKILL");
}

TEST_CASE("the end of another node is reported and nothing else happens") {
  core_bench b{{"n1", "n2", "n3"}};
  b.bring_up();
  b.core.exited("n2", 102, {0, SIGKILL}, b.now);
  CHECK(b.effects() == words{"exited n2 102 signal SIGKILL"});
  CHECK(b.view("n2").state == node_state::exited);
  CHECK(b.view("n2").pid == 0);
  CHECK(b.view("n2").last->reason == "signal SIGKILL");
  b.pass(1h);
  CHECK(b.effects().empty());
}

TEST_CASE("a restart waits for its delay") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.exited("n2", 102, {1, 0}, b.now);
  b.effects();
  REQUIRE(b.core.restart("n2", {"it died", 200ms, 0}, b.now));
  CHECK(b.effects().empty());
  CHECK(b.core.next_deadline() == b.now + 200ms);
  // Asked twice, restarted once.
  REQUIRE(b.core.restart("n2", {"it died", 0ms, 0}, b.now));
  b.pass(200ms);
  CHECK(b.effects() == words{"spawn n2"});
  b.core.spawned("n2", 202, b.now);
  b.ready("n2", 202);
  CHECK(b.effects().empty());
  CHECK(b.view("n2").state == node_state::ready);
  CHECK(b.view("n2").restarts == 1);
}

TEST_CASE("a restarted node that ends again is reported again") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.exited("n2", 102, {1, 0}, b.now);
  b.effects();
  REQUIRE(b.core.restart("n2", {}, b.now));
  b.core.spawned("n2", 202, b.now);
  b.core.exited("n2", 202, {2, 0}, b.now);
  CHECK(b.effects() == words{"spawn n2", "exited n2 202 exit code 2"});
  CHECK(b.view("n2").state == node_state::failed);
  REQUIRE(b.core.restart("n2", {}, b.now));
  b.core.spawn_failed("n2", "no memory", b.now);
  CHECK(b.effects()
        == words{"spawn n2", "exited n2 0 could not be started: no memory"});
}

TEST_CASE("a restarted node that is not ready in time is ended and reported") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.exited("n2", 102, {1, 0}, b.now);
  REQUIRE(b.core.restart("n2", {}, b.now));
  b.core.spawned("n2", 202, b.now);
  b.effects();
  b.pass(30s);
  CHECK(b.effects() == words{"term n2 202"});
  b.pass(3s);
  CHECK(b.effects() == words{"kill n2 202"});
  b.core.exited("n2", 202, {0, SIGKILL}, b.now);
  CHECK(b.effects()
        == words{"exited n2 202 was not ready within 30s (signal SIGKILL)"});
  CHECK(b.core.phase() == cluster_phase::running);
}

TEST_CASE("a restart of a living node needs the name of its process") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  const auto refused = b.core.restart("n2", {}, b.now);
  CHECK(refused.error().code == errc::already_exists);
  // Process 77 was another one; what the supervisor wants has happened.
  CHECK(b.core.restart("n2", {"", 0s, 77}, b.now));
  CHECK(b.effects().empty());
  REQUIRE(b.core.restart("n2", {"it hangs", 0s, 102}, b.now));
  CHECK(b.effects() == words{"kill n2 102"});
  // Once is enough.
  REQUIRE(b.core.restart("n2", {"it hangs", 0s, 102}, b.now));
  CHECK(b.effects().empty());
  b.core.exited("n2", 102, {0, SIGKILL}, b.now);
  CHECK(b.effects() == words{"spawn n2"});
}

TEST_CASE("a restart is refused for what cannot be restarted") {
  core_bench b{{"n1", "n2"}};
  CHECK(b.core.restart("n2", {}, b.now).error().code == errc::unavailable);
  b.bring_up();
  CHECK(b.core.restart("n9", {}, b.now).error().code == errc::not_found);
  CHECK(b.core.restart("n1", {}, b.now).error().code == errc::invalid_argument);
  for (const duration delay : {duration{-1}, duration{1h} + 1ns})
    CHECK(b.core.restart("n2", {"", delay, 0}, b.now).error().code
          == errc::invalid_argument);
  b.core.stop(b.now);
  CHECK(b.core.restart("n2", {}, b.now).error().code == errc::unavailable);
}

TEST_CASE("a stop goes through the nodes in reverse, each after the last") {
  core_bench b{{"n1", "n2", "n3"}};
  b.bring_up();
  b.core.stop(b.now);
  CHECK(b.effects() == words{"term n3 103"});
  b.core.exited("n3", 103, {0, 0}, b.now);
  CHECK(b.effects() == words{"term n2 102"});
  b.pass(9s);
  CHECK(b.effects().empty());
  b.pass(1s);
  CHECK(b.effects() == words{"kill n2 102"});
  b.core.exited("n2", 102, {0, SIGKILL}, b.now);
  CHECK(b.effects() == words{"term n1 101"});
  b.core.exited("n1", 101, {0, 0}, b.now);
  CHECK(b.effects() == words{"finished stopped"});
  CHECK(b.core.next_deadline() == std::nullopt);
}

TEST_CASE("a stop cancels the restart that waits") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.exited("n2", 102, {1, 0}, b.now);
  REQUIRE(b.core.restart("n2", {"", 1s, 0}, b.now));
  b.effects();
  b.core.stop(b.now);
  CHECK(b.effects() == words{"term n1 101"});
  b.pass(1s);
  b.core.exited("n1", 101, {0, 0}, b.now);
  CHECK(b.effects() == words{"finished stopped"});
}

TEST_CASE("a stop before the start has nothing to do") {
  core_bench b{{"n1"}};
  b.core.stop(b.now);
  CHECK(b.effects() == words{"finished stopped"});
}

TEST_CASE("a process that is spawned into a stop is stopped") {
  core_bench b{{"n1"}};
  b.core.start(b.now);
  b.core.stop(b.now);
  CHECK(b.effects() == words{"spawn n1"});
  b.core.spawned("n1", 101, b.now);
  CHECK(b.effects() == words{"term n1 101"});
  b.core.exited("n1", 101, {0, SIGTERM}, b.now);
  CHECK(b.effects() == words{"finished stopped"});
}

TEST_CASE("the first interrupt stops, the second kills what still runs") {
  core_bench b{{"n1", "n2", "n3"}};
  b.bring_up();
  b.core.interrupt(b.now);
  CHECK(b.effects() == words{"term n3 103"});
  b.core.interrupt(b.now);
  CHECK(b.effects() == words{"kill n3 103", "kill n2 102", "kill n1 101"});
  b.core.interrupt(b.now);
  CHECK(b.effects().empty());
  for (pid_t i = 1; i <= 3; ++i)
    b.core.exited(fmt::format("n{}", i), 100 + i, {0, SIGKILL}, b.now);
  CHECK(b.effects() == words{"finished interrupted"});
}

TEST_CASE("the supervisor's giving up fails the cluster with its reason") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.give_up("n2 ended 4 times within 5s", b.now);
  b.core.give_up("again", b.now);
  b.core.exited("n2", 102, {0, 0}, b.now);
  b.core.exited("n1", 101, {0, 0}, b.now);
  CHECK(b.effects() == words{"term n2 102", "term n1 101", "finished failed"});
  CHECK(b.end->reason
        == "the cluster supervisor gave up: n2 ended 4 times within 5s");
}

TEST_CASE("a process that survives SIGKILL does not hold up the stop") {
  core_bench b{{"n1"}};
  b.bring_up();
  b.core.stop(b.now);
  b.pass(10s);
  b.effects();
  b.pass(5s);
  CHECK(b.effects() == words{"finished failed n1"});
  CHECK(b.end->reason
        == "process 101 of node n1 does not end after SIGKILL within 5s");
  // Its late end is nobody's concern.
  b.core.exited("n1", 101, {0, SIGKILL}, b.now);
  CHECK(b.effects().empty());
}

TEST_CASE("the end of a process that is not the node's present one is "
          "ignored") {
  core_bench b{{"n1", "n2"}};
  b.bring_up();
  b.core.exited("n2", 999, {0, 0}, b.now);
  b.core.exited("n9", 102, {0, 0}, b.now);
  CHECK(b.effects().empty());
  CHECK(b.view("n2").state == node_state::ready);
}

} // namespace weft::launcher
