#include "runtime/launcher/terminal_printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace weft::launcher {

namespace {

constexpr int poll_ms = 100;
constexpr int polls_at_end_max = 10;

} // namespace

terminal_printer::terminal_printer(int fd)
    : fd_(fd), thread_([this] { run(); }) {}

terminal_printer::~terminal_printer() {
  {
    const std::lock_guard guard{mutex_};
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void terminal_printer::print(std::string line) {
  {
    const std::lock_guard guard{mutex_};
    if (lines_.size() >= queue_lines_max) {
      ++dropped_;
      return;
    }
    lines_.push_back(std::move(line));
  }
  changed_.notify_one();
}

void terminal_printer::run() {
  // A reader that went away must not end the launcher; write says EPIPE.
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !lines_.empty(); });
    if (lines_.empty())
      return;
    std::string text;
    for (auto& line : std::exchange(lines_, {}))
      text.append(line).push_back('\n');
    if (const auto lost = std::exchange(dropped_, 0); lost > 0)
      text += fmt::format("({} lines were not shown: the terminal is too "
                          "slow)\n",
                          lost);
    lock.unlock();
    const bool alive = write(text);
    lock.lock();
    if (!alive && ending_)
      return;
  }
}

/// False when the reader is gone or, at the end, does not read.
bool terminal_printer::write(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    if (!wait_for_reader())
      return false;
    // A writable pipe or terminal takes this much without blocking.
    const auto piece = std::min<std::size_t>(text.size() - done, PIPE_BUF);
    const auto count = ::write(fd_, text.data() + done, piece);
    if (count < 0 && errno != EINTR && errno != EAGAIN)
      return false;
    if (count > 0)
      done += static_cast<std::size_t>(count);
  }
  return true;
}

bool terminal_printer::wait_for_reader() {
  for (int idle = 0; idle < polls_at_end_max;) {
    pollfd reader{fd_, POLLOUT, 0};
    if (::poll(&reader, 1, poll_ms) > 0)
      return true;
    const std::lock_guard guard{mutex_};
    idle = ending_ ? idle + 1 : 0;
  }
  return false;
}

} // namespace weft::launcher
