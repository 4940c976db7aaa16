#include "runtime/launcher/detach.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

detach_options shell(const std::string& script) {
  detach_options made;
  made.program = "/bin/sh";
  made.arguments = {"-c", script};
  made.timeout = 20s;
  return made;
}

std::string report(errc code, const std::string& message) {
  return fmt::format(R"(printf '{{"code":"{}","message":"{}"}}\n' >&3)",
                     to_string(code), message);
}

} // namespace

TEST_CASE("a process that reports success goes on in the background") {
  std::string progress;
  auto options = shell("printf '{\"message\":\"n1 ready\"}\\n' >&3; "
                       + report(errc::none, "") + "; exec 3>&-; exec sleep 60");
  options.progress = [&](std::string_view line) { progress += line; };
  const auto outcome = detach(options);
  REQUIRE(outcome);
  CHECK(outcome->start);
  CHECK(progress == "n1 ready");
  CHECK(::waitpid(outcome->pid, nullptr, WNOHANG) == 0);
  // A session of its own: no terminal's signals reach it.
  CHECK(::getsid(outcome->pid) == outcome->pid);
  ::kill(outcome->pid, SIGKILL);
  CHECK(::waitpid(outcome->pid, nullptr, 0) == outcome->pid);
}

TEST_CASE("a process that reports a failure is waited for") {
  const auto outcome =
      detach(shell(report(errc::timed_out, "n2 failed") + "; exit 4"));
  REQUIRE(outcome);
  REQUIRE_FALSE(outcome->start);
  CHECK(outcome->start.error() == failure{errc::timed_out, "n2 failed"});
  CHECK(::waitpid(outcome->pid, nullptr, WNOHANG) < 0);
}

TEST_CASE("a process that ends without a report is quoted") {
  const auto outcome = detach(shell("echo 'out of flux' >&2; exit 7"));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == errc::internal);
  CHECK(outcome.error().message.find("exit code 7") != std::string::npos);
  CHECK(outcome.error().message.find("out of flux") != std::string::npos);
  CHECK(detach(shell("kill -SEGV $$")).error().message.find("SIGSEGV")
        != std::string::npos);
}

TEST_CASE("lines that are no report are passed over") {
  const auto outcome = detach(
      shell("echo 'no json' >&3; echo '[]' >&3; " + report(errc::none, "")));
  REQUIRE(outcome);
  CHECK(outcome->start);
  ::waitpid(outcome->pid, nullptr, 0);
}

TEST_CASE("a program that is missing is a failure with its path") {
  detach_options options;
  options.program = "/nowhere/weft";
  const auto outcome = detach(options);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message.find("/nowhere/weft") != std::string::npos);
}

TEST_CASE("a process that does not report in time is told to stop, then "
          "killed") {
  auto options = shell("stop() { " + report(errc::cancelled, "stopped")
                       + "; exit 4; }; trap stop INT; "
                         "while :; do sleep 0.05; done");
  options.timeout = 300ms;
  const auto polite = detach(options);
  REQUIRE(polite);
  REQUIRE_FALSE(polite->start);
  CHECK(polite->start.error().code == errc::cancelled);
  options = shell("trap '' INT; while :; do sleep 0.05; done");
  options.timeout = 100ms;
  options.stop_timeout = 100ms;
  CHECK(detach(options).error().code == errc::timed_out);
}

TEST_CASE("an interrupt of the waiting process reaches the detached one") {
  const auto us = ::getpid();
  // It interrupts us once it is ready to be interrupted itself.
  const auto outcome =
      detach(shell(fmt::format("stop() {{ {}; exit 1; }}; trap stop INT; "
                               "kill -INT {}; while :; do sleep 0.05; done",
                               report(errc::cancelled, "interrupted"), us)));
  REQUIRE(outcome);
  REQUIRE_FALSE(outcome->start);
  CHECK(outcome->start.error().message == "interrupted");
}

TEST_CASE("the detached side reports and lets go of its output") {
  CHECK_FALSE(start_report::of_this_process());
  int fds[2], output[2];
  REQUIRE(::pipe(fds) == 0);
  REQUIRE(::pipe(output) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(output[1], 1);
    ::close(output[1]);
    ::setenv(report_variable, std::to_string(fds[1]).c_str(), 1);
    auto side = start_report::of_this_process();
    if (!side || ::getenv(report_variable) != nullptr)
      ::_exit(1);
    side->progress("n1 \"ready\"");
    side->finish({});
    side->progress("nobody hears this");
    [[maybe_unused]] const auto count = ::write(1, "lost", 4);
    ::_exit(0);
  }
  ::close(fds[1]);
  ::close(output[1]);
  char buffer[512];
  std::string text, shown;
  for (ssize_t n = 0; (n = ::read(fds[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  for (ssize_t n = 0; (n = ::read(output[0], buffer, sizeof buffer)) > 0;)
    shown.append(buffer, static_cast<std::size_t>(n));
  ::close(fds[0]);
  ::close(output[0]);
  int raw = 0;
  ::waitpid(pid, &raw, 0);
  CHECK(WIFEXITED(raw));
  CHECK(WEXITSTATUS(raw) == 0);
  CHECK(text
        == "{\"message\":\"n1 \\\"ready\\\"\"}\n"
           "{\"code\":\"none\",\"message\":\"\"}\n");
  CHECK(shown.empty());
}

TEST_CASE("a report to nobody does not end the reporting process") {
  int fds[2];
  REQUIRE(::pipe(fds) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    ::setenv(report_variable, std::to_string(fds[1]).c_str(), 1);
    auto side = start_report::of_this_process();
    ::close(fds[0]);
    side->progress("hello?");
    side->finish({});
    ::_exit(42);
  }
  ::close(fds[0]);
  ::close(fds[1]);
  int raw = 0;
  ::waitpid(pid, &raw, 0);
  REQUIRE(WIFEXITED(raw));
  CHECK(WEXITSTATUS(raw) == 42);
}

TEST_CASE("a variable that names no pipe is no report") {
  for (const auto* value : {"", "x", "1", "-3", "3x", "9999"}) {
    ::setenv(report_variable, value, 1);
    CHECK_MESSAGE(!start_report::of_this_process(), value);
    CHECK(::getenv(report_variable) == nullptr);
  }
}

} // namespace weft::launcher
