#include "runtime/launcher/process.hpp"

#include "runtime/base/unique_fd.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <map>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weft::launcher {

namespace {

constexpr std::size_t output_piece_bytes_max = 64 * 1024;

/// A pipe holds 64 KiB unless enlarged; this ends the reading of one that a
/// stray writer keeps filling after the process has ended.
constexpr std::size_t rest_bytes_max = 4 * 1024 * 1024;

int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

/// What the child needs after the fork, when it may not allocate.
struct prepared {
  std::vector<std::string> words;
  std::vector<std::string> settings;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

std::vector<char*> pointers(std::vector<std::string>& from) {
  std::vector<char*> to;
  for (auto& each : from)
    to.push_back(each.data());
  to.push_back(nullptr);
  return to;
}

void prepare(const command& what, prepared& to) {
  to.words.push_back(what.program);
  to.words.insert(to.words.end(), what.arguments.begin(), what.arguments.end());
  std::map<std::string, std::string> settings;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view entry = *each;
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos)
      settings[std::string{entry.substr(0, equals)}] = entry.substr(equals + 1);
  }
  for (const auto& [name, value] : what.environment)
    settings[name] = value;
  for (const auto& [name, value] : settings)
    to.settings.push_back(name + "=" + value);
  to.argv = pointers(to.words);
  to.envp = pointers(to.settings);
}

struct child_pipes {
  unique_fd output_read, output_write;
  unique_fd error_read, error_write;
};

/// Runs in the child between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const prepared& what, const child_pipes& pipes,
                         pid_t parent) {
  const auto give_up = [&] {
    const int why = errno;
    [[maybe_unused]] const auto written =
        ::write(pipes.error_write.get(), &why, sizeof why);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The parent may have died before the line above; then nobody signals us.
  if (::getppid() != parent)
    ::_exit(127);
  for (int number = 1; number < NSIG; ++number)
    ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(pipes.output_write.get(), 1) < 0
      || ::dup2(pipes.output_write.get(), 2) < 0)
    give_up();
  // Descriptors of libraries and of our own caller may lack the flag.
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execve(what.argv[0], what.argv.data(), what.envp.data());
  give_up();
  ::_exit(127);
}

tl::unexpected<failure> refused(std::string_view step, const command& what,
                                int why) {
  return fail(errc::io, fmt::format("cannot {} {}: {}", step, what.program,
                                    std::strerror(why)));
}

exit_status wait_for(pid_t pid) {
  int raw = 0;
  while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(raw))
    return {0, WTERMSIG(raw)};
  return {WEXITSTATUS(raw), 0};
}

} // namespace

/// Shared with the handlers under way, which outlive the object when it is
/// destroyed before they have run.
class child_process::implementation
    : public std::enable_shared_from_this<implementation> {
public:
  implementation(boost::asio::io_context& context, pid_t pid, unique_fd ended,
                 unique_fd output, handlers to)
      : pid_(pid), ended_(context, ended.release()),
        output_(context, output.release()), to_(std::move(to)) {}

  void run() {
    read();
    ended_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [self = shared_from_this()](const auto& error) {
                        if (!error && self->alive_)
                          self->finish();
                      });
  }

  pid_t pid() const noexcept { return pid_; }

  void signal(int number) noexcept {
    // Not waited for yet, so the group's number cannot belong to another.
    if (alive_)
      ::kill(-pid_, number);
  }

  /// Ends the process without telling anybody.
  void abandon() noexcept {
    if (!alive_)
      return;
    signal(SIGKILL);
    alive_ = false;
    wait_for(pid_);
    close();
  }

private:
  void read() {
    output_.async_read_some(
        boost::asio::buffer(buffer_),
        [self = shared_from_this()](const auto& error, std::size_t count) {
          if (error || !self->alive_)
            return;
          self->to_.output({self->buffer_.data(), count});
          self->read();
        });
  }

  void finish() {
    signal(SIGKILL);
    alive_ = false;
    read_rest();
    const auto status = wait_for(pid_);
    close();
    to_.exited(status);
  }

  void read_rest() {
    const int fd = output_.native_handle();
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    for (std::size_t total = 0; total < rest_bytes_max;) {
      const auto count = ::read(fd, buffer_.data(), buffer_.size());
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return;
      to_.output({buffer_.data(), static_cast<std::size_t>(count)});
      total += static_cast<std::size_t>(count);
    }
  }

  void close() noexcept {
    boost::system::error_code ignored;
    output_.close(ignored);
    ended_.close(ignored);
  }

  pid_t pid_;
  /// False once the process was, or is about to be, waited for.
  bool alive_ = true;
  boost::asio::posix::stream_descriptor ended_;
  boost::asio::posix::stream_descriptor output_;
  handlers to_;
  std::array<char, output_piece_bytes_max> buffer_{};
};

result<std::unique_ptr<child_process>>
child_process::spawn(boost::asio::io_context& context, const command& what,
                     handlers to) {
  child_pipes pipes;
  if (!make_pipe(pipes.output_read, pipes.output_write)
      || !make_pipe(pipes.error_read, pipes.error_write))
    return refused("make pipes for", what, errno);
  prepared ready;
  prepare(what, ready);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0)
    return refused("fork for", what, errno);
  if (pid == 0)
    become(ready, pipes, parent);
  ::setpgid(pid, pid);
  pipes.output_write.reset();
  pipes.error_write.reset();
  // Ends at once: exec closes the other side, and failure writes and exits.
  int why = 0;
  ssize_t count = 0;
  do
    count = ::read(pipes.error_read.get(), &why, sizeof why);
  while (count < 0 && errno == EINTR);
  if (count == sizeof why) {
    wait_for(pid);
    return refused("execute", what, why);
  }
  unique_fd ended{open_pidfd(pid)};
  if (!ended) {
    const int error = errno;
    ::kill(-pid, SIGKILL);
    wait_for(pid);
    return refused("watch the process of", what, error);
  }
  auto made = std::make_shared<implementation>(context, pid, std::move(ended),
                                               std::move(pipes.output_read),
                                               std::move(to));
  made->run();
  return std::unique_ptr<child_process>{new child_process{std::move(made)}};
}

child_process::child_process(std::shared_ptr<implementation> implementation)
    : implementation_(std::move(implementation)) {}

child_process::~child_process() {
  implementation_->abandon();
}

pid_t child_process::pid() const noexcept {
  return implementation_->pid();
}

void child_process::signal(int number) noexcept {
  implementation_->signal(number);
}

} // namespace weft::launcher
