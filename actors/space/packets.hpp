#pragma once

#include "actors/space/space_actors.hpp"
#include "runtime/base/result.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace weft::actors {

inline constexpr std::size_t packet_bytes_max = std::size_t{1} << 20;

/// A frame of at most this size is put together again: the largest tuple, and
/// what may come beside it.
inline constexpr std::size_t frame_bytes_max = std::size_t{160} << 20;

/// Calls `send` with each packet of an encoded frame.
template <class Send>
void cut_into_packets(std::uint64_t session, std::uint32_t shard,
                      std::string bytes, Send send) {
  if (bytes.size() <= packet_bytes_max)
    return send(session_packet{session, shard, 0, 1, std::move(bytes)});
  const auto parts = static_cast<std::uint32_t>(
      (bytes.size() + packet_bytes_max - 1) / packet_bytes_max);
  for (std::uint32_t part = 0; part < parts; ++part)
    send(session_packet{
        session, shard, part, parts,
        bytes.substr(part * packet_bytes_max, packet_bytes_max)});
}

/// Puts packets of one session together again. Parts that do not follow each
/// other are dropped, and their frame with them; it is sent again.
class packet_assembly {
public:
  /// The bytes of a frame when this was its last part. Fails with `exhausted`
  /// when a frame is larger than any may be, and would be again.
  result<std::optional<std::string>> add(session_packet& next) {
    if (next.part == 0) {
      bytes_.clear();
      expected_ = 0;
    }
    const bool follows = next.part == expected_ && next.part < next.parts;
    const bool fits = bytes_.size() + next.bytes.size() <= frame_bytes_max;
    if (!follows || !fits) {
      bytes_.clear();
      expected_ = ~std::uint32_t{0};
      if (follows)
        return fail(errc::exhausted, fmt::format("a frame has at most {} bytes",
                                                 frame_bytes_max));
      return std::nullopt;
    }
    ++expected_;
    const bool last = expected_ == next.parts;
    if (last && bytes_.empty())
      return std::move(next.bytes);
    bytes_ += next.bytes;
    if (!last)
      return std::nullopt;
    return std::exchange(bytes_, {});
  }

private:
  std::string bytes_;
  std::uint32_t expected_ = 0;
};

} // namespace weft::actors
