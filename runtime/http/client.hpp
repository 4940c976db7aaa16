#pragma once

#include "runtime/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weft::http {

/// Where a client connects: a Unix socket's path, or host and port; not both.
struct address {
  std::string unix_path{};
  std::string host{};
  std::uint16_t port = 0;

  friend bool operator==(const address&, const address&) = default;
};

/// "Unix socket /run/n1.sock", "127.0.0.1:8001".
std::string to_string(const address& where);

inline constexpr std::size_t answer_bytes_max = 64 * 1024 * 1024;

/// Sends one request on a fresh connection and waits for the whole answer, on
/// the calling thread, at most `timeout` (a day at most) including the look-up
/// of the name and the connect. An HTTP error status is a success here. Fails
/// with
/// - `invalid_argument`: no address, no path, or a time-out that is not > 0;
/// - `unavailable`: nobody there, or the answer broke off or is no HTTP;
/// - `permission_denied`: the socket's file belongs to somebody else;
/// - `timed_out`: whether the request was served is unknown;
/// - `exhausted`: the answer is over 64 MiB, or eight look-ups are under way.
result<response> call(const address& where, const request& what,
                      std::chrono::milliseconds timeout);

/// The same without blocking, on one thread of its own for all calls of this
/// object. Threads: any; the destructor not in a callback.
class async_client {
public:
  static constexpr std::size_t calls_max = 64;

  async_client();
  /// Ends what is under way: its callbacks get `cancelled`, before the
  /// destructor returns.
  ~async_client();
  async_client(const async_client&) = delete;
  async_client& operator=(const async_client&) = delete;

  /// Called once, on the client's thread; must neither block nor throw.
  using callback = std::function<void(result<response>)>;

  /// Fails as the blocking `call`; with `exhausted` also if `calls_max` are
  /// under way, in which case `done` runs before this returns.
  void call(address where, request what, std::chrono::milliseconds timeout,
            callback done);

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace weft::http
