#include "tests/unit/transport/support.hpp"

#include <csignal>
#include <cstdio>
#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace weft::test {

namespace {

/// A process that runs the test case "child: node n2".
class child_node {
public:
  child_node() {
    int in[2], out[2];
    REQUIRE(::pipe(in) == 0);
    REQUIRE(::pipe(out) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    for (const int end : {in[0], in[1], out[0], out[1]})
      ::posix_spawn_file_actions_addclose(&actions, end);
    const auto directory = "WEFT_CHILD=" + demo_certificates().path();
    std::vector<char*> variables;
    for (auto** each = environ; *each != nullptr; ++each)
      variables.push_back(*each);
    variables.push_back(const_cast<char*>(directory.c_str()));
    variables.push_back(nullptr);
    char program[] = "/proc/self/exe", filter[] = "--test-case=child: node n2";
    char no_skip[] = "--no-skip";
    char* arguments[] = {program, filter, no_skip, nullptr};
    REQUIRE(::posix_spawn(&process_, program, &actions, nullptr, arguments,
                          variables.data())
            == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    alive_while_open_ = in[1];
    output_ = ::fdopen(out[0], "r");
  }

  ~child_node() {
    signal(SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(alive_while_open_);
    std::fclose(output_);
  }

  config::endpoint where() {
    char line[256];
    while (std::fgets(line, sizeof line, output_) != nullptr) {
      unsigned port = 0;
      if (std::sscanf(line, "port %u", &port) == 1)
        return {"127.0.0.1", static_cast<std::uint16_t>(port)};
    }
    FAIL("the child printed no port");
    return {};
  }

  void signal(int number) { ::kill(process_, number); }

private:
  pid_t process_ = 0;
  int alive_while_open_ = -1;
  std::FILE* output_ = nullptr;
};

/// Connects to a child, sends it the signal, and returns why it is down.
failure down_by(int signal, std::chrono::nanoseconds silence) {
  demo_node one{demo_node::options("n1"), silence};
  child_node child;
  auto reached = demo_node::await(one.connect(child.where(), "n2"));
  REQUIRE_MESSAGE(reached, reached.error().message);
  watcher seen{one.system, reached->entry};
  CHECK(one.ask(caf::actor_cast<echo_actor>(reached->entry), "x")
        == "hello, x");
  child.signal(signal);
  return seen.wait();
}

/// Not in a thread of its own: CAF 0.17 waits for the last thread that used a
/// system in an earlier call, which is ours.
std::chrono::nanoseconds time_to_end(std::unique_ptr<demo_node>& node) {
  const auto before = std::chrono::steady_clock::now();
  node.reset();
  return std::chrono::steady_clock::now() - before;
}

} // namespace

TEST_CASE("child: node n2" * doctest::skip()) {
  const char* directory = std::getenv("WEFT_CHILD");
  REQUIRE(directory != nullptr);
  auto how = demo_node::options("n2", false);
  const std::string base{directory};
  how.tls = transport::identity_files{base + "/ca.pem", base + "/n2.pem",
                                      base + "/n2.key"};
  demo_node node{how};
  std::printf("port %u\n", unsigned{node.listen().port});
  std::fflush(stdout);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) {
  }
}

TEST_CASE("a killed peer is down at once, long before the time-out") {
  static_assert(patience < long_silence);
  CHECK(down_by(SIGKILL, long_silence).code == errc::unavailable);
}

TEST_CASE("a frozen peer is down after the connection time-out") {
  CHECK(down_by(SIGSTOP, 1s).code == errc::unavailable);
}

TEST_CASE("a system ends although a frozen peer reads nothing") {
  child_node child;
  const auto where = child.where();
  auto one = std::make_unique<demo_node>(demo_node::options("n1"), 1s);
  auto reached = demo_node::await(one->connect(where, "n2"));
  REQUIRE(reached);
  auto seen = std::make_unique<watcher>(one->system, reached->entry);
  child.signal(SIGSTOP);
  for (int count = 0; count < 32; ++count)
    post(caf::actor_cast<echo_actor>(reached->entry), blob_atom_v,
         std::vector<std::uint8_t>(1u << 20));
  CHECK(seen->wait().code == errc::unavailable);
  seen.reset();
  reached = fail(errc::cancelled, "forgotten");
  CHECK(time_to_end(one) < patience);
}

TEST_CASE("a system ends although it still writes to a frozen peer") {
  child_node child;
  const auto where = child.where();
  auto one = std::make_unique<demo_node>("n1");
  auto reached = demo_node::await(one->connect(where, "n2"));
  REQUIRE(reached);
  child.signal(SIGSTOP);
  for (int count = 0; count < 32; ++count)
    post(caf::actor_cast<echo_actor>(reached->entry), blob_atom_v,
         std::vector<std::uint8_t>(1u << 20));
  reached = fail(errc::cancelled, "forgotten");
  CHECK(time_to_end(one) < patience);
}

} // namespace weft::test
