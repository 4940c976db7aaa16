#include "runtime/base/draft_file.hpp"
#include "runtime/launcher/leftovers.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "tests/unit/launcher/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

run_directory::options options_in(const temp_dir& dir,
                                  const std::string& name = "demo") {
  run_directory::options made;
  made.path = dir / name;
  made.cluster = "demo";
  made.file = "/etc/demo.yaml";
  made.overrides = {"log.level=debug"};
  made.nodes = {"n1", "n2"};
  made.started = "2026-11-21T10:00:00.000Z";
  return made;
}

mode_t mode_of(const std::string& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

/// A process that sleeps with WEFT_RUN_DIR set to `root`.
struct sleeper {
  explicit sleeper(const std::string& root, bool stubborn = false) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    pid = ::fork();
    if (pid == 0) {
      ::setenv(run_dir_variable, root.c_str(), 1);
      ::dup2(ready[1], 1);
      ::execl("/bin/sh", "sh", "-c",
              stubborn ? "trap '' TERM; echo; while :; do sleep 1; done"
                       : "echo; exec sleep 600",
              nullptr);
      ::_exit(127);
    }
    ::close(ready[1]);
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
  }
  ~sleeper() {
    if (pid > 0) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
  /// The signal that ended it, or 0 while it runs.
  int ended_by() {
    int raw = 0;
    if (::waitpid(pid, &raw, WNOHANG) != pid)
      return 0;
    pid = 0;
    return WTERMSIG(raw);
  }
  pid_t pid = 0;
};

} // namespace

TEST_CASE("run directories lie below XDG_RUNTIME_DIR or /tmp, by user, "
          "cluster and file") {
  CHECK(runs_root({"/run/user/7", 7}) == "/run/user/7/weft-7");
  CHECK(runs_root({"/run/user/7/", 7}) == "/run/user/7/weft-7");
  CHECK(runs_root({"", 7}) == "/tmp/weft-7");
  CHECK(runs_root({"not/absolute", 7}) == "/tmp/weft-7");
  const auto one = default_run_path({"", 7}, "demo", "/a/demo.yaml");
  CHECK(one == default_run_path({"", 7}, "demo", "/a/demo.yaml"));
  CHECK(one != default_run_path({"", 7}, "demo", "/b/demo.yaml"));
  CHECK(one.starts_with("/tmp/weft-7/demo-"));
  CHECK(one.size() == std::string{"/tmp/weft-7/demo-"}.size() + 8);
}

TEST_CASE("a socket path that is too long is refused with what to do") {
  const std::vector<std::string> nodes{"n1", std::string(20, 'n')};
  const run_paths fits{"/" + std::string(107 - 33, 'd')};
  CHECK(fits.node_socket(nodes[1]).size() == 107);
  CHECK(fits.check_sockets(nodes));
  const run_paths too_long{"/" + std::string(107 - 32, 'd')};
  const auto refused = too_long.check_sockets(nodes);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_argument);
  CHECK(refused.error().message.find("108 bytes") != std::string::npos);
  CHECK(refused.error().message.find("--run-dir") != std::string::npos);
}

TEST_CASE("a run directory is private and says whose it is") {
  const temp_dir dir;
  auto run = run_directory::acquire(options_in(dir, "runs/demo"));
  REQUIRE(run);
  const auto& paths = run->paths();
  CHECK(mode_of(dir / "runs") == 0700);
  CHECK(mode_of(paths.root()) == 0700);
  CHECK(mode_of(paths.nodes()) == 0700);
  CHECK(mode_of(paths.tls()) == 0700);
  CHECK(mode_of(paths.cluster_json()) == 0600);
  CHECK(read_small_file(paths.launcher_pid())
        == fmt::format("{}\n", ::getpid()));
  const auto info = inspect_run(paths.root());
  REQUIRE(info);
  CHECK(info->cluster == "demo");
  CHECK(info->file == "/etc/demo.yaml");
  CHECK(info->overrides == std::vector<std::string>{"log.level=debug"});
  CHECK(info->nodes == std::vector<std::string>{"n1", "n2"});
  CHECK(info->launcher == ::getpid());
  CHECK(info->alive);
  CHECK(run->recovered().empty());
}

TEST_CASE("two launchers never share a directory") {
  const temp_dir dir;
  auto first = run_directory::acquire(options_in(dir));
  REQUIRE(first);
  const auto second = run_directory::acquire(options_in(dir));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::already_exists);
  CHECK(second.error().message.find(std::to_string(::getpid()))
        != std::string::npos);
  CHECK(second.error().message.find("weft down") != std::string::npos);
  CHECK(wait_until_released(first->paths().root(), 1ms).error().code
        == errc::timed_out);
  first->release();
  CHECK(wait_until_released(dir / "demo", 1ms));
  CHECK(run_directory::acquire(options_in(dir)));
}

TEST_CASE("a release keeps the logs and how it ended, a removal nothing") {
  const temp_dir dir;
  auto run = run_directory::acquire(options_in(dir));
  REQUIRE(run);
  const auto paths = run->paths();
  for (const auto& path :
       {paths.node_log("n1"), paths.node_socket("n1"), paths.node_pid("n1"),
        paths.node_address("n1"), paths.launcher_log()})
    REQUIRE(write_atomically(path, "x"));
  CHECK_FALSE(inspect_run(paths.root())->end);
  const run_end how{run_end_kind::failed, "n2 fell\nfar",
                    "2026-11-21T11:00:00.000Z"};
  run->release(how);
  CHECK(inspect_run(paths.root())->end == how);
  CHECK(exists(paths.node_log("n1")));
  CHECK(exists(paths.launcher_log()));
  for (const auto& path :
       {paths.node_socket("n1"), paths.node_pid("n1"), paths.node_address("n1"),
        paths.launcher_pid(), paths.lock()})
    CHECK_FALSE_MESSAGE(exists(path), path);
  CHECK_FALSE(inspect_run(paths.root())->alive);
  auto again = run_directory::acquire(options_in(dir));
  REQUIRE(again);
  CHECK(again->recovered().empty());
  CHECK_FALSE(exists(paths.ended_json()));
  again->remove();
  CHECK_FALSE(exists(paths.root()));
}

TEST_CASE("certificates go when that is asked for, and nothing of others") {
  const temp_dir dir;
  auto run = run_directory::acquire(options_in(dir));
  REQUIRE(run);
  const auto paths = run->paths();
  REQUIRE(write_atomically(paths.tls() + "/ca.key", "x"));
  run->release();
  CHECK(exists(paths.tls() + "/ca.key"));
  run = run_directory::acquire(options_in(dir));
  REQUIRE(run);
  run->remove_certificates();
  CHECK_FALSE(exists(paths.tls()));
}

TEST_CASE("a launcher that left no word is lost") {
  const temp_dir dir;
  auto run = run_directory::acquire(options_in(dir));
  REQUIRE(run);
  run->release();
  for (const auto* text : {"", "[]", "{\"how\": \"well\"}", "\xff"}) {
    REQUIRE(write_atomically(run->paths().ended_json(), text));
    CHECK(inspect_run(dir / "demo")->end
          == run_end{run_end_kind::lost, "", ""});
  }
}

TEST_CASE("the clusters that ended last keep their logs, older ones go") {
  const temp_dir dir;
  const auto end_at = [&](const std::string& name, const std::string& at) {
    auto run = run_directory::acquire(options_in(dir, name));
    REQUIRE(run);
    run->release({run_end_kind::stopped, "", at});
  };
  end_at("a", "2026-11-21T10:00:03.000Z");
  end_at("b", "2026-11-21T10:00:01.000Z");
  end_at("c", "2026-11-21T10:00:02.000Z");
  end_at("lost", "");
  std::filesystem::remove(run_paths{dir / "lost"}.ended_json());
  const auto alive = run_directory::acquire(options_in(dir, "alive"));
  REQUIRE(alive);
  std::filesystem::create_directory(dir / "other");
  run_directory::prune(dir.path(), 2);
  for (const auto* name : {"a", "c", "lost", "alive", "other"})
    CHECK_MESSAGE(exists(dir / name), name);
  CHECK_FALSE(exists(dir / "b"));
}

TEST_CASE("a directory with other files is refused and left as it is") {
  const temp_dir dir;
  std::filesystem::create_directory(dir / "demo");
  std::ofstream{dir / "demo/letters.txt"} << "dear";
  const auto refused = run_directory::acquire(options_in(dir));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_argument);
  CHECK(std::distance(std::filesystem::directory_iterator{dir / "demo"}, {})
        == 1);
}

TEST_CASE("a directory that cannot be made is a clear failure") {
  const temp_dir dir;
  std::ofstream{dir / "file"} << "x";
  for (const auto* name : {"file", "file/demo"}) {
    const auto refused = run_directory::acquire(options_in(dir, name));
    REQUIRE_FALSE(refused);
    CHECK_MESSAGE(refused.error().message.find("--run-dir")
                      != std::string::npos,
                  refused.error().message);
  }
  auto relative = options_in(dir);
  relative.path = "demo";
  CHECK(run_directory::acquire(relative).error().code
        == errc::invalid_argument);
}

TEST_CASE("a directory below one that is closed to us is a clear failure") {
  const temp_dir dir;
  std::filesystem::create_directory(dir / "closed");
  REQUIRE(::chmod((dir / "closed").c_str(), 0) == 0);
  REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
  // Root may enter everything.
  const auto user = ::geteuid();
  if (user == 0)
    REQUIRE(::seteuid(12345) == 0);
  for (const auto* name : {"closed/demo", "closed/runs/demo"}) {
    const auto refused = run_directory::acquire(options_in(dir, name));
    REQUIRE_FALSE(refused);
    CHECK_MESSAGE(refused.error().message.find("--run-dir")
                      != std::string::npos,
                  refused.error().message);
    CHECK(refused.error().message.find("Permission denied")
          != std::string::npos);
  }
  REQUIRE(::seteuid(user) == 0);
  REQUIRE(::chmod((dir / "closed").c_str(), 0700) == 0);
}

TEST_CASE("a directory open to others is closed") {
  const temp_dir dir;
  std::filesystem::create_directory(dir / "demo");
  REQUIRE(::chmod((dir / "demo").c_str(), 0777) == 0);
  REQUIRE(run_directory::acquire(options_in(dir)));
  CHECK(mode_of(dir / "demo") == 0700);
}

TEST_CASE("a directory of another user is refused") {
  if (::geteuid() != 0)
    return;
  const temp_dir dir;
  std::filesystem::create_directory(dir / "demo");
  REQUIRE(::chown((dir / "demo").c_str(), 12345, 12345) == 0);
  CHECK(run_directory::acquire(options_in(dir)).error().code
        == errc::permission_denied);
}

TEST_CASE("a symbolic link is no run directory") {
  const temp_dir dir;
  std::filesystem::create_directory(dir / "target");
  std::filesystem::create_directory_symlink(dir / "target", dir / "demo");
  CHECK_FALSE(run_directory::acquire(options_in(dir)));
}

TEST_CASE("what a killed launcher left is ended, and nobody else") {
  const temp_dir dir;
  const auto root = dir / "demo";
  std::filesystem::create_directories(root + "/nodes");
  const run_paths paths{root};
  REQUIRE(write_atomically(paths.launcher_pid(), "1\n"));
  REQUIRE(write_atomically(paths.lock(), ""));
  REQUIRE(write_atomically(paths.node_address("n1"), "127.0.0.1:1"));
  sleeper ours{root};
  sleeper stubborn{root, true};
  sleeper other{root + "2"};
  // A number in a pid file proves nothing: this one was given to another.
  REQUIRE(write_atomically(paths.node_pid("n2"), std::to_string(other.pid)));
  auto options = options_in(dir);
  options.leftover_grace = 200ms;
  const auto run = run_directory::acquire(options);
  REQUIRE(run);
  CHECK(ours.ended_by() == SIGTERM);
  CHECK(stubborn.ended_by() == SIGKILL);
  CHECK(other.ended_by() == 0);
  CHECK_FALSE(exists(paths.node_address("n1")));
  std::string said;
  for (const auto& line : run->recovered())
    said += line + "\n";
  CHECK(said.find("did not end in order") != std::string::npos);
  CHECK(said.find("stopped process") != std::string::npos);
  CHECK(said.find("killed process") != std::string::npos);
}

TEST_CASE("all runs of a user are listed, living and dead") {
  const temp_dir dir;
  auto dead = run_directory::acquire(options_in(dir, "a"));
  REQUIRE(dead);
  dead->release();
  const auto alive = run_directory::acquire(options_in(dir, "b"));
  REQUIRE(alive);
  std::filesystem::create_directory(dir / "no-run");
  const auto runs = list_runs(dir.path());
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].path == dir / "a");
  CHECK_FALSE(runs[0].alive);
  CHECK(runs[1].alive);
  CHECK(list_runs(dir / "missing").empty());
}

TEST_CASE("a cluster.json of something else is no run directory") {
  const temp_dir dir;
  for (const auto* text : {"", "[]", "{\"cluster\": 3}", "\xff\xfe"}) {
    REQUIRE(write_atomically(dir / "cluster.json", text));
    CHECK(inspect_run(dir.path()).error().code == errc::not_found);
  }
}

TEST_CASE("small files are read whole, missing and huge ones refused") {
  const temp_dir dir;
  REQUIRE(write_atomically(dir / "x", std::string(100'000, 'x')));
  CHECK(read_small_file(dir / "x")->size() == 100'000);
  CHECK(read_small_file(dir / "y").error().code == errc::not_found);
  REQUIRE(write_atomically(dir / "x", std::string(1'100'000, 'x')));
  CHECK(read_small_file(dir / "x").error().code == errc::exhausted);
}

} // namespace weft::launcher
