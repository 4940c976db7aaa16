#include "transport/guarded_stream.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace weft::transport {

namespace {

/// So much may be dropped before other connections have their turn.
constexpr std::size_t dropped_per_read_max = 256 * 1024;

} // namespace

io_step guarded_stream::read(void* to, std::size_t bytes_max) {
  auto* begin = static_cast<std::uint8_t*>(to);
  for (std::size_t filled = 0;;) {
    if (const auto bytes = guard_.take({begin, bytes_max}); bytes > 0)
      return {io_state::done, bytes};
    if (const auto& why = guard_.refused()) {
      if (!std::exchange(ended_, true))
        to_.report(*why, true);
      return {};
    }
    if (const auto bytes = std::min(guard_.passing(), bytes_max); bytes > 0) {
      const auto step = stream_.read(begin, bytes);
      guard_.passed(step.bytes);
      return step;
    }
    // Bytes of a TLS record that was read already are announced by no event.
    if (filled >= dropped_per_read_max && stream_.pending() == 0)
      return {io_state::want_read, 0};
    const auto step = fill();
    if (step.state != io_state::done)
      return step;
    filled += step.bytes;
  }
}

io_step guarded_stream::fill() {
  const auto room = guard_.room();
  const auto step = stream_.read(room.data(), room.size());
  if (step.state == io_state::done)
    guard_.received(step.bytes);
  if (const auto why = guard_.take_skipped())
    to_.report(*why, false);
  if (const auto answers = guard_.take_answers(); !answers.empty())
    to_.answer(answers);
  return step;
}

} // namespace weft::transport
