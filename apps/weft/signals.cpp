#include "apps/weft/signals.hpp"

#include <csignal>
#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace weft::apps {

namespace {

constexpr int exit_code_of_signal = 130;

/// Wakes the thread for `stop`; sent to that thread only.
constexpr int wake_signal = SIGUSR1;

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGINT, SIGTERM, SIGHUP, wake_signal})
    sigaddset(&set, each);
  return set;
}

std::string name_of(int caught) {
  switch (caught) {
  case SIGINT:
    return "SIGINT";
  case SIGTERM:
    return "SIGTERM";
  default:
    return "SIGHUP";
  }
}

} // namespace

end_signals::end_signals() {
  const auto set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

end_signals::~end_signals() {
  stop();
}

void end_signals::on_first(std::function<void(const std::string&)> then) {
  then_ = std::move(then);
  thread_ = std::thread{[this] { run(); }};
}

void end_signals::run() {
  const auto set = watched_signals();
  for (bool first = true;; first = false) {
    int caught = 0;
    sigwait(&set, &caught);
    if (caught == wake_signal)
      return;
    if (!first)
      _exit(exit_code_of_signal);
    then_(name_of(caught));
  }
}

void end_signals::stop() {
  if (!thread_.joinable())
    return;
  pthread_kill(thread_.native_handle(), wake_signal);
  thread_.join();
}

} // namespace weft::apps
