#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>

namespace weft::transport {

/// The sockets that CAF holds on behalf of one carrier. CAF has no way to
/// close a connection from outside, and its system's destructor waits for a
/// peer that may be frozen; shutting the socket down ends both. Thread-safe.
class open_connections {
public:
  /// Notes a socket and returns its token. After `close_all` the socket is
  /// shut down at once.
  std::uint64_t add(int socket);

  /// The socket is about to be closed; call before it is.
  void remove(std::uint64_t token);

  /// Shuts one socket down, if it is still open: CAF sees its end.
  void close(std::uint64_t token);

  /// Shuts down all sockets, and those to come.
  void close_all();

  /// Waits until CAF has let go of every socket; false when it has not in
  /// time.
  bool wait_until_empty(std::chrono::nanoseconds timeout);

private:
  std::mutex mutex_;
  std::condition_variable emptied_;
  std::map<std::uint64_t, int> sockets_;
  std::uint64_t next_ = 1;
  bool closed_ = false;
};

} // namespace weft::transport
