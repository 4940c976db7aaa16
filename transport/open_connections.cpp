#include "transport/open_connections.hpp"

#include <sys/socket.h>

namespace weft::transport {

std::uint64_t open_connections::add(int socket) {
  std::lock_guard lock{mutex_};
  sockets_.emplace(next_, socket);
  if (closed_)
    ::shutdown(socket, SHUT_RDWR);
  return next_++;
}

void open_connections::remove(std::uint64_t token) {
  std::lock_guard lock{mutex_};
  sockets_.erase(token);
  if (sockets_.empty())
    emptied_.notify_all();
}

void open_connections::close(std::uint64_t token) {
  std::lock_guard lock{mutex_};
  const auto found = sockets_.find(token);
  if (found != sockets_.end())
    ::shutdown(found->second, SHUT_RDWR);
}

void open_connections::close_all() {
  std::lock_guard lock{mutex_};
  closed_ = true;
  for (const auto& [token, socket] : sockets_)
    ::shutdown(socket, SHUT_RDWR);
}

bool open_connections::wait_until_empty(std::chrono::nanoseconds timeout) {
  std::unique_lock lock{mutex_};
  return emptied_.wait_for(lock, timeout, [this] { return sockets_.empty(); });
}

} // namespace weft::transport
