#include "transport/thread.hpp"

#include <csignal>
#include <pthread.h>
#include <system_error>

namespace weft::transport {

std::thread start_thread(std::function<void()> run) {
  sigset_t all, before;
  sigfillset(&all);
  // A thread inherits the mask of who makes it.
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread made{std::move(run)};
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return made;
  } catch (const std::system_error&) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

} // namespace weft::transport
