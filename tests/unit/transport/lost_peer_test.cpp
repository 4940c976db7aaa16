#include "tests/unit/transport/support.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weft::test {

namespace {

/// Node n2 in a process of its own. Make it before this process has threads.
class child_node {
public:
  child_node() {
    // Made here, or each process would make its own.
    demo_certificates();
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0)
      run(ends[1]);
    ::close(ends[1]);
    const auto count = ::read(ends[0], &port_, sizeof port_);
    ::close(ends[0]);
    REQUIRE(count == sizeof port_);
  }

  ~child_node() {
    signal(SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  child_node(const child_node&) = delete;
  child_node& operator=(const child_node&) = delete;

  config::endpoint where() const { return {"127.0.0.1", port_}; }

  void signal(int number) { ::kill(process_, number); }

private:
  [[noreturn]] static void run(int report) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    demo_node node{"n2"};
    const auto port = node.listen().port;
    if (::write(report, &port, sizeof port) == sizeof port)
      for (;;)
        ::pause();
    ::_exit(1);
  }

  pid_t process_ = 0;
  std::uint16_t port_ = 0;
};

/// Connects to a child, sends it the signal, and returns why it is down.
failure down_by(int signal, std::chrono::nanoseconds silence) {
  child_node child;
  demo_node one{demo_node::options("n1"), silence};
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
