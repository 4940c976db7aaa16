#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weft::transport {

/// What a node says of a connection once it knows who is at the other end.
enum class verdict : std::uint8_t {
  /// The connection may carry messages.
  welcome = 0,
  /// Never; the reason says why.
  refused = 1,
  /// Not now: our own connection to you is under way. Dial again.
  busy = 2,
};

/// The one message that each side sends before CAF's bytes, the dialer first.
/// It tells a peer in words why it is refused, which a TLS alert cannot, and
/// keeps strangers from CAF's decoder on plain connections too.
struct greeting {
  verdict answer = verdict::welcome;
  std::string cluster;
  std::string node;
  /// Why not, when the answer is not `welcome`.
  std::string reason;

  friend bool operator==(const greeting&, const greeting&) = default;
};

/// Bytes on the wire: "weft", version (1 byte), verdict (1 byte), bytes of the
/// body (2 bytes, big-endian); then the body: length (1 byte) and bytes of the
/// cluster, length (1 byte) and bytes of the node, the rest is the reason.
inline constexpr std::size_t greeting_header_bytes = 8;
inline constexpr std::size_t greeting_body_bytes_max = 1024;
inline constexpr std::uint8_t greeting_version = 1;

/// The start of a greeting: what is needed to read the rest.
struct greeting_header {
  verdict answer = verdict::welcome;
  std::size_t body_bytes = 0;
};

/// The wire form. Cluster and node are names of at most 64 characters; a
/// reason that is too long is cut.
std::vector<std::uint8_t> encode(const greeting& what);

/// Reads the first `greeting_header_bytes`. Fails with `invalid_argument` on
/// another protocol, another version, an unknown verdict or too long a body.
result<greeting_header>
decode_header(std::span<const std::uint8_t, greeting_header_bytes> bytes);

/// Reads the body of `header`; `bytes` has `header.body_bytes` bytes. Fails
/// with `invalid_argument` when lengths do not fit or a name is none.
result<greeting> decode_body(const greeting_header& header,
                             std::span<const std::uint8_t> bytes);

} // namespace weft::transport
