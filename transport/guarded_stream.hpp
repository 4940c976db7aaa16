#pragma once

#include "transport/byte_stream.hpp"
#include "transport/core/basp_guard.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace weft::transport {

/// Told why a message was dropped, and, with `ends`, why the connection ends.
using guard_callback = std::function<void(const refusal& why, bool ends)>;

/// Sends bytes to the peer, between CAF's messages.
using answer_callback =
    std::function<void(const std::vector<std::uint8_t>& bytes)>;

/// What CAF reads of a connection and writes to it: of the peer's bytes, those
/// that a `basp_guard` lets through. One thread at a time.
class guarded_stream {
public:
  /// Both run in the thread that reads, `report` for the last of all messages
  /// that were dropped at once.
  struct callbacks {
    guard_callback report;
    answer_callback answer;
  };

  guarded_stream(byte_stream stream, basp_guard guard, callbacks to)
      : stream_{std::move(stream)}, guard_{std::move(guard)}, to_{std::move(
                                                                  to)} {}

  /// As `byte_stream::read`; fails too when the guard refuses the peer.
  io_step read(void* to, std::size_t bytes_max);

  io_step write(const void* from, std::size_t bytes) {
    return stream_.write(from, bytes);
  }

  /// Bytes that no event of the socket will announce, wanted ones or not.
  std::size_t pending() const { return guard_.held() + stream_.pending(); }

private:
  io_step fill();

  byte_stream stream_;
  basp_guard guard_;
  callbacks to_;
  bool ended_ = false;
};

} // namespace weft::transport
