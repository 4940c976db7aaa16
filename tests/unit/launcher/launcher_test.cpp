#include "runtime/base/draft_file.hpp"
#include "runtime/http/client.hpp"
#include "runtime/launcher/control.hpp"
#include "runtime/launcher/launcher.hpp"
#include "runtime/launcher/leftovers.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "tests/unit/launcher/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fcntl.h>
#include <mutex>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

using json = nlohmann::json;

std::string fake_node() {
  const char* binaries = std::getenv("WEFT_BINARY_DIR");
  REQUIRE_MESSAGE(binaries != nullptr, "run this through ctest");
  return std::string{binaries} + "/tests/launcher_fake_node";
}

/// A launcher of fake nodes in a directory of its own, and what it says.
struct launcher_bench {
  explicit launcher_bench(const std::string& behaviours,
                          std::vector<std::string> nodes = {"n1", "n2", "n3"}) {
    REQUIRE(write_atomically(dir / "demo.yaml", behaviours));
    options.program = fake_node();
    options.file = dir / "demo.yaml";
    options.cluster = "demo";
    options.nodes = std::move(nodes);
    options.run_dir = dir / "run";
    options.quiet = true;
    options.handle_signals = false;
    options.observer = [this](const progress& what) {
      const std::lock_guard guard{mutex};
      said += what.text + "\n";
      changed.notify_all();
    };
  }

  cluster_launcher& open() { return made.emplace(options); }

  /// Waits until a progress line has `text` in it, at most 20 s.
  bool heard(const std::string& text) {
    std::unique_lock lock{mutex};
    return changed.wait_for(
        lock, 20s, [&] { return said.find(text) != std::string::npos; });
  }

  json node(std::size_t index) {
    const auto status = cluster_status(made->paths(), 5s);
    REQUIRE(status);
    return status->at("nodes").at(index);
  }

  http::response ask(const http::request& what) {
    const auto answer =
        http::call({made->paths().launcher_socket(), {}, 0}, what, 5s);
    REQUIRE(answer);
    return *answer;
  }

  bool nothing_left() const {
    return !std::filesystem::exists(options.run_dir)
           && end_leftovers(options.run_dir, 0ms).empty();
  }

  temp_dir dir;
  launch_options options;
  std::mutex mutex;
  std::condition_variable changed;
  std::string said;
  std::optional<cluster_launcher> made;
};

} // namespace

TEST_CASE("a cluster starts, says who is ready, stops in reverse and leaves "
          "nothing") {
  launcher_bench b{"{}"};
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  CHECK(b.heard("cluster demo: 3 nodes ready in "));
  const auto status = cluster_status(launcher.paths(), 5s);
  REQUIRE(status);
  CHECK(status->at("cluster") == "demo");
  CHECK(status->at("phase") == "running");
  CHECK(status->at("launcher") == ::getpid());
  for (const auto& node : status->at("nodes")) {
    CHECK(node.at("state") == "ready");
    CHECK(node.at("restarts") == 0);
    CHECK(node.at("listen") == "127.0.0.1:7001");
    CHECK(node.at("http").is_null());
    CHECK(node.at("incarnation") == "42");
    CHECK(::kill(node.at("pid").get<pid_t>(), 0) == 0);
    CHECK(read_small_file(
              launcher.paths().node_pid(node.at("name").get<std::string>()))
          == node.at("pid").dump() + "\n");
  }
  CHECK(list_runs(b.dir.path()).at(0).alive);
  CHECK(stop_cluster(launcher.paths(), 20s));
  CHECK(launcher.wait());
  CHECK(b.said.find("n3 stopped\nn2 stopped\nn1 stopped\n")
        != std::string::npos);
  CHECK(b.nothing_left());
}

TEST_CASE("nodes get the overrides, and their logs stay when asked for") {
  launcher_bench b{"{}", {"n1"}};
  b.options.overrides = {"log.level=debug", "cluster=x y"};
  b.options.keep_directory = true;
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  launcher.request_stop();
  CHECK(launcher.wait());
  CHECK(read_small_file(launcher.paths().node_log("n1"))
        == "argument --set\nargument log.level=debug\nargument --set\n"
           "argument cluster=x y\nhello from n1\ngoodbye from n1\n");
  CHECK_FALSE(std::filesystem::exists(launcher.paths().launcher_socket()));
  CHECK(read_small_file(launcher.paths().launcher_log())
            ->find("cluster demo: 1 node ready")
        != std::string::npos);
}

TEST_CASE("a node that dies while starting is named with its last words") {
  launcher_bench b{R"({"n2": "die"})"};
  auto& launcher = b.open();
  const auto started = launcher.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == errc::unavailable);
  const auto& message = started.error().message;
  CHECK(message.find("node n2 ended before it was ready: exit code 3")
        != std::string::npos);
  CHECK(message.find("  | the flux capacitor is empty") != std::string::npos);
  CHECK(message.find(launcher.paths().node_log("n2")) != std::string::npos);
  CHECK(launcher.wait().error() == started.error());
  CHECK(end_leftovers(b.options.run_dir, 0ms).empty());
  CHECK(std::filesystem::exists(launcher.paths().node_log("n2")));
}

TEST_CASE("a node that never gets ready fails the start in time") {
  launcher_bench b{R"({"n3": "hang"})"};
  b.options.limits.ready_timeout = 400ms;
  // A slow machine must not make the other two late.
  b.options.nodes = {"n3"};
  const auto started = b.open().start();
  REQUIRE_FALSE(started);
  CHECK(started.error().message.starts_with(
      "node n3 was not ready within 400ms; raise launcher.ready_timeout, or "
      "see its log for what it waits for\n"));
  CHECK(started.error().message.find(
            launcher::run_paths{b.options.run_dir}.node_log("n3"))
        != std::string::npos);
}

TEST_CASE("a program that cannot be executed fails the start") {
  launcher_bench b{"{}"};
  b.options.program = "/nowhere/weft";
  const auto started = b.open().start();
  REQUIRE_FALSE(started);
  CHECK(started.error().message.find(
            "node n1 could not be started: cannot execute /nowhere/weft: No "
            "such file or directory")
        != std::string::npos);
}

TEST_CASE("a node that is killed is restarted when the supervisor says so") {
  launcher_bench b{"{}"};
  b.options.keep_directory = true;
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  const auto victim = b.node(1).at("pid").get<pid_t>();
  REQUIRE(::kill(victim, SIGKILL) == 0);
  CHECK(b.heard("n2 ended: signal SIGKILL; the cluster supervisor decides"));
  CHECK(b.heard("n2 restarts in 20ms: it exited"));
  CHECK(b.heard("n2 ready again"));
  const auto node = b.node(1);
  CHECK(node.at("state") == "ready");
  CHECK(node.at("restarts") == 1);
  CHECK(node.at("pid") != victim);
  CHECK(node.at("last_exit").at("pid") == victim);
  CHECK(node.at("last_exit").at("status") == "signal SIGKILL");
  launcher.request_stop();
  CHECK(launcher.wait());
  const auto log = read_small_file(launcher.paths().node_log("n1"));
  CHECK(log->find("exited n2 status 137: signal SIGKILL") != std::string::npos);
}

TEST_CASE("a node that dies once is back, and the supervisor is told of its "
          "end") {
  launcher_bench b{R"({"n3": "die-once"})"};
  b.options.keep_directory = true;
  // Alone it could die before the others are ready, which fails the start.
  b.options.limits.starting_max = 1;
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  CHECK(b.heard("n3 ready again"));
  launcher.request_stop();
  CHECK(launcher.wait());
  const auto log = read_small_file(launcher.paths().node_log("n1"));
  CHECK(log->find("exited n3 status 4: exit code 4") != std::string::npos);
}

TEST_CASE("the launcher fails with the supervisor's reason when it gives "
          "up") {
  launcher_bench b{R"({"n2": "die-later"})", {"n1", "n2"}};
  b.options.limits.starting_max = 1;
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  const auto ended = launcher.wait();
  REQUIRE_FALSE(ended);
  CHECK(ended.error().message
        == "the cluster supervisor gave up: n2 exited 3 times");
  CHECK(end_leftovers(b.options.run_dir, 0ms).empty());
}

TEST_CASE("the end of the first node ends the cluster") {
  launcher_bench b{"{}"};
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  REQUIRE(::kill(b.node(0).at("pid").get<pid_t>(), SIGKILL) == 0);
  const auto ended = launcher.wait();
  REQUIRE_FALSE(ended);
  CHECK(ended.error().message.starts_with(
      "node n1, which carries the cluster supervisor, ended: signal SIGKILL\n"
      "the last lines of its log "));
}

TEST_CASE("a cluster is ending from the first sign on, and says how it did") {
  launcher_bench b{R"({"n2": "stubborn"})"};
  b.options.limits.stop_timeout = 300ms;
  b.options.prepare = [](const run_paths& paths) {
    return write_atomically(paths.tls() + "/ca.key", "secret");
  };
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  CHECK(std::filesystem::exists(launcher.paths().tls() + "/ca.key"));
  CHECK_FALSE(launcher.wait_until_ending(0ms));
  REQUIRE(::kill(b.node(0).at("pid").get<pid_t>(), SIGKILL) == 0);
  CHECK(launcher.wait_until_ending(20s));
  CHECK_FALSE(launcher.wait());
  CHECK(launcher.wait_until_ending(0ms));
  const auto info = inspect_run(b.options.run_dir);
  REQUIRE(info);
  REQUIRE(info->end);
  CHECK(info->end->kind == run_end_kind::failed);
  CHECK(info->end->reason.starts_with("node n1, which carries"));
  CHECK(info->end->at > info->started);
  CHECK_FALSE(std::filesystem::exists(launcher.paths().tls()));
}

TEST_CASE("two interrupts end even stubborn nodes at once") {
  launcher_bench b{R"({"n1": "stubborn", "n2": "stubborn", "n3": "stubborn"})"};
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  launcher.interrupt();
  launcher.interrupt();
  const auto ended = launcher.wait();
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == errc::cancelled);
  CHECK(b.nothing_left());
}

TEST_CASE("a node that ignores SIGTERM is killed at the deadline") {
  launcher_bench b{R"({"n2": "stubborn"})"};
  b.options.limits.stop_timeout = 300ms;
  auto& launcher = b.open();
  REQUIRE(launcher.start());
  launcher.request_stop();
  CHECK(launcher.wait());
  CHECK(b.heard("n2 did not stop within 300ms, killing it"));
  CHECK(b.nothing_left());
}

TEST_CASE("an interrupt during the start ends it") {
  launcher_bench b{R"({"n3": "hang"})"};
  auto& launcher = b.open();
  std::thread operator_thread{[&] {
    b.heard("n1 ready");
    launcher.interrupt();
  }};
  const auto started = launcher.start();
  operator_thread.join();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == errc::cancelled);
  CHECK(end_leftovers(b.options.run_dir, 0ms).empty());
}

TEST_CASE("a second launcher of the same directory is refused") {
  launcher_bench b{"{}", {"n1"}};
  REQUIRE(b.open().start());
  cluster_launcher second{b.options};
  const auto refused = second.start();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::already_exists);
  CHECK(b.node(0).at("state") == "ready");
}

TEST_CASE("what fails the preparation fails the start, and nothing is "
          "spawned") {
  launcher_bench b{"{}"};
  b.options.prepare = [&](const run_paths& paths) -> result<void> {
    CHECK(std::filesystem::is_directory(paths.tls()));
    return fail(errc::io, "no certificates today");
  };
  const auto started = b.open().start();
  REQUIRE_FALSE(started);
  CHECK(started.error().message == "no certificates today");
  CHECK(b.nothing_left());
}

TEST_CASE("wrong requests are refused with what is wrong") {
  launcher_bench b{"{}", {"n1", "n2"}};
  REQUIRE(b.open().start());
  http::request what = start_request("n2", {});
  CHECK(b.ask(what).status == 409);
  CHECK(b.ask(start_request("n9", {})).status == 404);
  CHECK(b.ask(start_request("n1", {})).status == 400);
  for (const auto* name : {"delay", "replaces"}) {
    what = start_request("n2", {});
    what.query[name] = "soon";
    const auto answer = b.ask(what);
    CHECK(answer.status == 400);
    CHECK(answer.body.find(name) != std::string::npos);
  }
  what.query.clear();
  CHECK(b.ask(what).status == 400);
  what = ready_request("n2", {1, "", "", ""});
  CHECK(b.ask(what).status == 400);
  for (const auto* body : {"", "[]", "{}", R"({"pid": "x"})", R"({"pid": 0})",
                           R"({"pid": 1, "listen": 7.5})"}) {
    what.body = body;
    CHECK_MESSAGE(b.ask(what).status == 400, body);
  }
  CHECK(b.ask(give_up_request("")).status == 400);
  CHECK(b.node(1).at("state") == "ready");
}

TEST_CASE("a hanging node is replaced by name of its process") {
  launcher_bench b{"{}", {"n1", "n2"}};
  REQUIRE(b.open().start());
  const auto before = b.node(1).at("pid").get<pid_t>();
  CHECK(b.ask(start_request("n2", {"it hangs", 0s, before})).status == 200);
  CHECK(b.heard("n2 ready again"));
  CHECK(b.node(1).at("pid") != before);
  // The same wish again is fulfilled already.
  CHECK(b.ask(start_request("n2", {"it hangs", 0s, before})).status == 200);
  CHECK(b.node(1).at("restarts") == 1);
}

TEST_CASE("the end of the object ends the cluster") {
  launcher_bench b{"{}"};
  REQUIRE(b.open().start());
  b.made.reset();
  CHECK(end_leftovers(b.options.run_dir, 0ms).empty());
}

TEST_CASE("a launcher that is killed takes its nodes with it") {
  launcher_bench b{"{}"};
  int ready[2];
  REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    const bool started = b.open().start().has_value();
    [[maybe_unused]] const auto count = ::write(ready[1], &started, 1);
    ::pause();
  }
  ::close(ready[1]);
  bool started = false;
  REQUIRE(::read(ready[0], &started, 1) == 1);
  ::close(ready[0]);
  REQUIRE(started);
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  CHECK_FALSE(inspect_run(b.options.run_dir)->alive);
  // The next one finds the traces, and perhaps processes that are still
  // ending, and comes up.
  REQUIRE(b.open().start());
  CHECK(b.heard("did not end in order"));
  CHECK(b.node(2).at("state") == "ready");
}

TEST_CASE("the foreground shows the nodes' lines with their names") {
  launcher_bench b{"{}", {"n1", "n22"}};
  int shown[2];
  REQUIRE(::pipe2(shown, O_CLOEXEC) == 0);
  b.options.terminal_fd = shown[1];
  b.options.foreground_logs = true;
  b.options.quiet = false;
  REQUIRE(b.open().start());
  b.made.reset();
  ::close(shown[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0;
       (count = ::read(shown[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  ::close(shown[0]);
  CHECK(text.find("n1  | hello from n1\n") != std::string::npos);
  CHECK(text.find("n22 | hello from n22\n") != std::string::npos);
  CHECK(text.find("cluster demo: 2 nodes ready in ") != std::string::npos);
}

TEST_CASE("a status is asked of nobody without a launcher") {
  const temp_dir dir;
  CHECK(cluster_status(run_paths{dir.path()}, 1s).error().code
        == errc::unavailable);
  CHECK(stop_cluster(run_paths{dir.path()}, 1s).error().code
        == errc::unavailable);
}

} // namespace weft::launcher
