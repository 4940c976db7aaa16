#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::transport {

/// Why a connection did not come about, ended, or lost a message: one value per
/// thing that an operator would do about it, and one budget each in the log.
enum class refusal_kind : std::uint8_t {
  /// The peer's first bytes are no TLS: a plain client, a scanner, garbage.
  not_tls,
  /// The peer offers no TLS 1.3.
  tls_version,
  /// The peer showed no certificate.
  no_certificate,
  /// The certificate comes from another authority than this cluster's.
  other_authority,
  /// The certificate is out of its time, or names no node.
  bad_certificate,
  /// The certificate or the greeting names another cluster.
  other_cluster,
  /// The peer's name is not among the cluster's nodes.
  unknown_name,
  /// Another node answered than the one that was dialed.
  wrong_name,
  /// The peer shows our own name.
  own_name,
  /// The peer refused us and said why.
  refused_by_peer,
  /// The peer broke the protocol.
  garbled,
  /// A connected peer spoke for another node.
  forged,
  /// A connected peer sent what was to be passed on to other nodes.
  routed,
  /// The peer closed the connection before it was established.
  closed,
  /// The peer did not finish in time.
  deadline,
  /// A limit of ours on half-open connections.
  limit,
  /// Both nodes dialed each other at once; the dialer tries again.
  busy,
  /// The operating system refused.
  system,
};

inline constexpr std::size_t refusal_kind_count =
    static_cast<std::size_t>(refusal_kind::system) + 1;

/// The value in words, for the summary of what was not logged singly:
/// "no TLS", "deadline".
std::string_view to_string(refusal_kind kind) noexcept;

/// What a dialing caller may do about it.
errc code_of(refusal_kind kind) noexcept;

/// Why a connection did not come about, ended, or lost a message, to log or to
/// pass on.
struct refusal {
  refusal_kind kind = refusal_kind::system;
  /// A clause whose subject is the peer: "does not speak TLS".
  std::string text;

  friend bool operator==(const refusal&, const refusal&) = default;
};

/// At most `bytes_max` bytes of what a peer sent, fit for a log: bytes outside
/// printable ASCII become dots.
std::string printable(std::string_view raw, std::size_t bytes_max);

} // namespace weft::transport
