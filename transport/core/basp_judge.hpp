#pragma once

#include "transport/core/basp_format.hpp"
#include "transport/core/refusal.hpp"

#include <optional>
#include <span>
#include <string>

namespace weft::transport {

/// More than any message needs; CAF makes room for whatever a header says.
inline constexpr std::uint32_t basp_payload_bytes_max = 1u << 30;

/// What becomes of a message.
enum class basp_fate : std::uint8_t {
  /// CAF gets it.
  pass,
  /// CAF does not get it; the connection goes on. For what a peer of good
  /// faith may send too.
  skip,
  /// The connection ends. For what no peer of good faith sends.
  refuse,
};

struct basp_verdict {
  basp_fate fate = basp_fate::pass;
  /// When it does not pass; without text when nobody needs to know.
  refusal why;
  /// The peer is owed an answer if it was a request; with `skip` only.
  bool answered = false;
};

/// Judges what a peer sends over one connection: it speaks for its own node
/// and to ours. CAF would believe the node that a message names, route
/// messages to other nodes and take an ID for the node's that is another's.
/// Pure, not thread-safe.
class basp_judge {
public:
  struct options {
    /// Our own ID.
    node_bytes own{};
    /// Of the IDs of the node whose name the peer's certificate proves.
    host_bytes peer_host{};
    /// Whether we dialed: the peer's handshake is an acceptor's.
    bool dialed = false;
  };

  explicit basp_judge(const options& given) : options_{given} {}

  /// Judges the next message. `head` is the start of its payload, of
  /// `telling_bytes` or all of it.
  basp_verdict judge(const basp_header& header,
                     std::span<const std::uint8_t> head);

private:
  basp_verdict hear_handshake(const basp_header& header,
                              const node_bytes& node);
  basp_verdict judge_direct(const basp_header& header,
                            std::span<const std::uint8_t> head) const;
  basp_verdict judge_routed(const basp_header& header,
                            std::span<const std::uint8_t> head) const;
  basp_verdict judge_monitor(const node_bytes& source,
                             const node_bytes& destination) const;
  basp_verdict judge_down(const node_bytes& source,
                          const node_bytes& destination) const;

  options options_;
  /// Who the peer is, once it has said so.
  std::optional<node_bytes> peer_;
  int handshakes_ = 0;
};

} // namespace weft::transport
