#include "runtime/launcher/process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

/// A shell child, its output and its end.
struct shell_child {
  explicit shell_child(const std::string& script) {
    auto spawned = child_process::spawn(
        context, {"/bin/sh", {"-c", script}, {{"WEFT_TEST", "a b"}}},
        {[this](std::string_view piece) { output += piece; },
         [this](exit_status status) { end = status; }});
    REQUIRE(spawned);
    process = std::move(*spawned);
  }

  /// Runs the context until `done`, at most 20 s.
  bool run_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!done() && std::chrono::steady_clock::now() < deadline)
      context.run_one_for(100ms);
    return done();
  }

  bool run_to_end() {
    return run_until([this] { return end.has_value(); });
  }

  bool run_to_output(const std::string& text) {
    return run_until([&] { return output.find(text) != std::string::npos; });
  }

  boost::asio::io_context context;
  std::string output;
  std::optional<exit_status> end;
  std::unique_ptr<child_process> process;
};

bool exists(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

/// Waits, bounded, until a process that is no child of ours is gone; a zombie
/// whose new parent has not waited for it counts as gone.
bool gone(pid_t pid) {
  for (int i = 0; i < 500; ++i) {
    if (!exists(pid))
      return true;
    const auto path = "/proc/" + std::to_string(pid) + "/stat";
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char text[256] = {};
    const auto count = fd < 0 ? 0 : ::read(fd, text, sizeof text - 1);
    if (fd >= 0)
      ::close(fd);
    if (count <= 0 || std::string_view{text}.find(") Z") != std::string::npos)
      return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

} // namespace

TEST_CASE("a child's output of both kinds and its exit code arrive") {
  shell_child child{"echo out; echo err >&2; echo \"$WEFT_TEST\"; exit 3"};
  REQUIRE(child.run_to_end());
  CHECK(child.output == "out\nerr\na b\n");
  CHECK(*child.end == exit_status{3, 0});
  CHECK(to_string(*child.end) == "exit code 3");
}

TEST_CASE("all that a child wrote arrives before its end is told") {
  shell_child child{"i=0; while [ $i -lt 2000 ]; do echo "
                    "0123456789012345678901234567890123456789; i=$((i+1)); "
                    "done"};
  REQUIRE(child.run_to_end());
  CHECK(child.output.size() == 2000u * 41);
}

TEST_CASE("a child that dies of a signal says which") {
  shell_child child{"kill -SEGV $$"};
  REQUIRE(child.run_to_end());
  CHECK(*child.end == exit_status{0, SIGSEGV});
  CHECK(to_string(*child.end) == "signal SIGSEGV");
}

TEST_CASE("a child leads its own process group and reads from /dev/null") {
  shell_child child{"ps -o pgid= -p $$ 2>/dev/null || "
                    "cut -d' ' -f5 /proc/$$/stat; readlink /proc/self/fd/0"};
  REQUIRE(child.run_to_end());
  CHECK(child.output.find(std::to_string(child.process->pid()))
        != std::string::npos);
  CHECK(child.output.find("/dev/null") != std::string::npos);
}

TEST_CASE("a child inherits no descriptor, not even one without the flag") {
  const int leaky = ::open("/dev/null", O_RDONLY);
  REQUIRE(leaky > 2);
  shell_child child{"for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do "
                    "[ -e /proc/$$/fd/$i ] && echo $i; done; true"};
  REQUIRE(child.run_to_end());
  ::close(leaky);
  CHECK(leaky <= 16);
  CHECK(child.output == "0\n1\n2\n");
}

TEST_CASE("a child has no blocked or ignored signals of its parent") {
  ::signal(SIGUSR1, SIG_IGN);
  shell_child child{"grep -E 'Sig(Blk|Ign)' /proc/self/status"};
  ::signal(SIGUSR1, SIG_DFL);
  REQUIRE(child.run_to_end());
  CHECK(child.output
        == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("a signal reaches the whole group") {
  shell_child child{"sleep 60 & echo $!; wait"};
  REQUIRE(child.run_to_output("\n"));
  const auto grandchild = static_cast<pid_t>(std::stoi(child.output));
  CHECK(exists(grandchild));
  child.process->signal(SIGTERM);
  REQUIRE(child.run_to_end());
  CHECK(*child.end == exit_status{0, SIGTERM});
  CHECK(gone(grandchild));
}

TEST_CASE("what is left of the group goes when its leader ends") {
  shell_child child{"sleep 60 & echo $!; exit 0"};
  REQUIRE(child.run_to_end());
  CHECK(child.end->success());
  CHECK(gone(static_cast<pid_t>(std::stoi(child.output))));
}

TEST_CASE("the end of the object kills the child and waits for it") {
  pid_t pid = 0;
  {
    shell_child child{"trap '' TERM; echo on; while :; do sleep 60; done"};
    REQUIRE(child.run_to_output("on"));
    pid = child.process->pid();
  }
  CHECK_FALSE(exists(pid));
  CHECK(::waitpid(pid, nullptr, WNOHANG) < 0);
}

TEST_CASE("a signal after the end reaches nobody") {
  shell_child child{"exit 0"};
  REQUIRE(child.run_to_end());
  child.process->signal(SIGKILL);
  CHECK(child.end->success());
}

TEST_CASE("a program that is missing or not executable is told by its path") {
  boost::asio::io_context context;
  for (const auto* path : {"/nowhere/weft", "/etc/passwd"}) {
    const auto spawned = child_process::spawn(
        context, {path, {}, {}}, {[](std::string_view) {}, [](exit_status) {}});
    REQUIRE_FALSE(spawned);
    CHECK(spawned.error().code == errc::io);
    CHECK(spawned.error().message.find(path) != std::string::npos);
  }
  CHECK(::waitpid(-1, nullptr, WNOHANG) < 0);
}

TEST_CASE("a child ends when the thread that spawned it ends") {
  boost::asio::io_context context;
  std::unique_ptr<child_process> process;
  std::optional<exit_status> end;
  std::thread{[&] {
    auto spawned = child_process::spawn(
        context, {"/bin/sleep", {"60"}, {}},
        {[](std::string_view) {}, [&](exit_status status) { end = status; }});
    process = std::move(*spawned);
  }}.join();
  context.run_for(20s);
  REQUIRE(end.has_value());
  CHECK(*end == exit_status{0, SIGTERM});
}

} // namespace weft::launcher
