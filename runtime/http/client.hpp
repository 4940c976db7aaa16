#pragma once

#include "runtime/http/message.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace weft::http {

/// Where a client connects: a Unix socket's path, or host and port.
struct address {
  std::string unix_path;
  std::string host;
  std::uint16_t port = 0;
};

/// Sends one request on a fresh connection and waits for the whole answer, on
/// the calling thread, at most `timeout` including the connect. Fails with
/// `unavailable` (nobody there) or `timed_out`; an HTTP error status is a
/// success here. Bodies over 64 MiB are `exhausted`.
result<response> call(const address& where, const request& what,
                      std::chrono::milliseconds timeout);

/// The same without blocking, on one thread of its own for all calls of this
/// object; at most 64 under way, further ones are `exhausted` at once. The
/// destructor cancels what is under way (`cancelled`).
class async_client {
public:
  async_client();
  ~async_client();
  async_client(const async_client&) = delete;
  async_client& operator=(const async_client&) = delete;

  using callback = std::function<void(result<response>)>;

  void call(address where, request what, std::chrono::milliseconds timeout,
            callback done);

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace weft::http
