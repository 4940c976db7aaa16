#include "runtime/launcher/detach.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/launcher/exit_status.hpp"
#include "runtime/launcher/line_splitter.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weft::launcher {

namespace {

using clock = std::chrono::steady_clock;
using json = nlohmann::json;

constexpr std::size_t report_line_bytes_max = 256 * 1024;
constexpr std::size_t error_text_bytes_max = 4096;
/// Where the detached process finds its end of the report.
constexpr int report_fd = 3;

tl::unexpected<failure> refused(std::string_view step) {
  return fail(errc::io, fmt::format("cannot start in the background: {}: {}",
                                    step, std::strerror(errno)));
}

std::string report_line(const json& value) {
  return json_text(value) + "\n";
}

/// Holds back the signals that end this process, as a descriptor.
class held_signals {
public:
  held_signals() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
      ::sigaddset(&held, number);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
    fd_.reset(::signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~held_signals() { restore(); }
  held_signals(const held_signals&) = delete;
  held_signals& operator=(const held_signals&) = delete;

  void restore() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  int fd() const { return fd_.get(); }

  /// Takes one that is pending.
  bool take() const {
    signalfd_siginfo one{};
    return ::read(fd_.get(), &one, sizeof one) == sizeof one;
  }

private:
  sigset_t before_{};
  unique_fd fd_;
};

/// The waiting side of one detached process.
class waiting_parent {
public:
  waiting_parent(const detach_options& options, const held_signals& signals,
                 pid_t pid, unique_fd report, unique_fd errors)
      : options_(options), signals_(signals), pid_(pid),
        report_(std::move(report)), errors_(std::move(errors)),
        deadline_(clock::now() + options.timeout) {}

  result<detach_outcome> run() {
    while (!outcome_ && report_) {
      if (auto on_time = check_deadline(); !on_time)
        return pass_on(on_time);
      std::array<pollfd, 3> fds{pollfd{report_.get(), POLLIN, 0},
                                pollfd{errors_.get(), POLLIN, 0},
                                pollfd{signals_.fd(), POLLIN, 0}};
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          deadline_ - clock::now());
      ::poll(fds.data(), fds.size(),
             std::max(0, static_cast<int>(left.count())));
      if (fds[2].revents != 0 && signals_.take())
        ::kill(pid_, SIGINT);
      if (fds[1].revents != 0)
        read_errors();
      if (fds[0].revents != 0)
        read_report();
    }
    if (!outcome_)
      return ended_silently();
    outcome_->pid = pid_;
    if (!outcome_->start)
      ::waitpid(pid_, nullptr, 0);
    return *outcome_;
  }

private:
  result<void> check_deadline() {
    if (clock::now() < deadline_)
      return {};
    if (!stopping_) {
      stopping_ = true;
      deadline_ = clock::now() + options_.stop_timeout;
      ::kill(pid_, SIGINT);
      return {};
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    return fail(errc::timed_out,
                fmt::format("the background process {} did not report within "
                            "{} ms nor stop when told to; it was killed",
                            pid_, options_.timeout.count()));
  }

  void read_report() {
    std::array<char, 4096> buffer;
    const auto count = ::read(report_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
      return;
    if (count <= 0) {
      report_.reset();
      return;
    }
    lines_.feed({buffer.data(), static_cast<std::size_t>(count)},
                [this](std::string_view line) { take(line); });
  }

  void take(std::string_view line) {
    const auto value = json::parse(line, nullptr, false);
    if (!value.is_object())
      return;
    const auto text = value.value("message", std::string{});
    if (value.contains("code"))
      take_outcome(value.value("code", std::string{}), text);
    else if (options_.progress)
      options_.progress(text);
  }

  void take_outcome(const std::string& name, const std::string& message) {
    outcome_ = detach_outcome{};
    if (name != to_string(errc::none))
      outcome_->start =
          fail(parse_errc(name).value_or(errc::internal), message);
  }

  void read_errors() {
    std::array<char, 4096> buffer;
    const auto count = ::read(errors_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
      return;
    if (count <= 0) {
      // poll ignores negative descriptors.
      errors_.reset();
      return;
    }
    said_.append(buffer.data(), static_cast<std::size_t>(count));
    if (said_.size() > error_text_bytes_max)
      said_.erase(0, said_.size() - error_text_bytes_max);
  }

  result<detach_outcome> ended_silently() {
    int raw = 0;
    while (::waitpid(pid_, &raw, 0) < 0 && errno == EINTR) {
    }
    while (errors_)
      read_errors();
    const exit_status status = WIFSIGNALED(raw)
                                   ? exit_status{0, WTERMSIG(raw)}
                                   : exit_status{WEXITSTATUS(raw), 0};
    return fail(errc::internal,
                fmt::format("the background process ended without a report: "
                            "{}{}{}",
                            to_string(status), said_.empty() ? "" : "\n",
                            said_));
  }

  const detach_options& options_;
  const held_signals& signals_;
  pid_t pid_;
  unique_fd report_;
  unique_fd errors_;
  clock::time_point deadline_;
  bool stopping_ = false;
  line_splitter lines_{report_line_bytes_max};
  std::string said_;
  std::optional<detach_outcome> outcome_;
};

struct detach_pipes {
  unique_fd report_read, report_write;
  unique_fd errors_read, errors_write;
};

[[noreturn]] void become(const detach_options& options,
                         const detach_pipes& pipes,
                         const held_signals& signals) {
  signals.restore();
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  // Out of the way of the three standard ones and of the report's place.
  const int report = ::fcntl(pipes.report_write.get(), F_DUPFD_CLOEXEC, 10);
  ::dup2(pipes.errors_write.get(), 2);
  ::dup2(null, 0);
  ::dup2(null, 1);
  ::dup2(report, report_fd);
  ::setenv(report_variable, std::to_string(report_fd).c_str(), 1);
  std::vector<char*> words{const_cast<char*>(options.program.c_str())};
  for (const auto& word : options.arguments)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(words[0], words.data());
  const auto text = fmt::format("cannot execute {}: {}\n", options.program,
                                std::strerror(errno));
  [[maybe_unused]] const auto written = ::write(2, text.data(), text.size());
  ::_exit(127);
}

} // namespace

result<detach_outcome> detach(const detach_options& options) {
  detach_pipes pipes;
  if (!make_pipe(pipes.report_read, pipes.report_write)
      || !make_pipe(pipes.errors_read, pipes.errors_write))
    return refused("pipe");
  const held_signals signals;
  const pid_t pid = ::fork();
  if (pid < 0)
    return refused("fork");
  if (pid == 0)
    become(options, pipes, signals);
  pipes.report_write.reset();
  pipes.errors_write.reset();
  return waiting_parent{options, signals, pid, std::move(pipes.report_read),
                        std::move(pipes.errors_read)}
      .run();
}

std::optional<start_report> start_report::of_this_process() {
  const char* text = std::getenv(report_variable);
  if (text == nullptr)
    return std::nullopt;
  int fd = -1;
  const auto* end = text + std::strlen(text);
  const bool valid =
      std::from_chars(text, end, fd).ptr == end && fd > STDERR_FILENO;
  ::unsetenv(report_variable);
  struct stat about {};
  if (!valid || ::fstat(fd, &about) != 0 || !S_ISFIFO(about.st_mode))
    return std::nullopt;
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return start_report{unique_fd{fd}};
}

void start_report::progress(std::string_view line) {
  send(report_line({{"message", line}}));
}

void start_report::finish(const result<void>& start) {
  const auto outcome = start ? failure{errc::none, ""} : start.error();
  send(report_line(
      {{"code", to_string(outcome.code)}, {"message", outcome.message}}));
  to_.reset();
  const unique_fd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  ::dup2(null.get(), STDOUT_FILENO);
  ::dup2(null.get(), STDERR_FILENO);
}

void start_report::send(const std::string& line) {
  // Whoever waited may be gone; that must not end this process.
  sigset_t pipe_signal, before;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  for (std::string_view left = line; to_ && !left.empty();) {
    const auto count = ::write(to_.get(), left.data(), left.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      to_.reset();
      const timespec at_once{};
      ::sigtimedwait(&pipe_signal, nullptr, &at_once);
    } else {
      left.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

} // namespace weft::launcher
