#include "transport/core/basp_judge.hpp"

namespace weft::transport {

namespace {

basp_verdict refuse_as(refusal_kind kind, std::string why) {
  return {basp_fate::refuse, {kind, std::move(why)}};
}

basp_verdict skip_as(refusal_kind kind, std::string why) {
  return {basp_fate::skip, {kind, std::move(why)}};
}

std::string words(basp_operation operation) {
  return std::string{to_string(operation)};
}

/// What a peer of good faith asks for as long as it has no connection of its
/// own to that node.
basp_verdict skip_to_others() {
  return skip_as(refusal_kind::routed,
                 "it is for another node, and this one passes nothing on");
}

} // namespace

basp_verdict basp_judge::judge(const basp_header& header,
                               std::span<const std::uint8_t> head) {
  const auto operation = header.operation;
  if (header.payload_bytes > basp_payload_bytes_max)
    return refuse_as(refusal_kind::garbled,
                     "it sends " + words(operation) + " of "
                         + std::to_string(header.payload_bytes) + " bytes");
  const bool variable = operation == basp_operation::direct_message
                        || operation == basp_operation::routed_message;
  if (!variable && head.size() < telling_bytes(operation))
    return refuse_as(refusal_kind::garbled,
                     "it sends half of " + words(operation));
  if (operation == basp_operation::server_handshake
      || operation == basp_operation::client_handshake)
    return hear_handshake(header, node_at(head, 0));
  if (!peer_)
    return refuse_as(refusal_kind::garbled,
                     "it sends " + words(operation) + " before its handshake");
  constexpr auto second = std::tuple_size_v<node_bytes>;
  switch (operation) {
  case basp_operation::direct_message:
    return judge_direct(header, head);
  case basp_operation::routed_message:
    return judge_routed(header, head);
  case basp_operation::monitor_message:
    return judge_monitor(node_at(head, 0), node_at(head, second));
  case basp_operation::down_message:
    return judge_down(node_at(head, 0), node_at(head, second));
  default:
    return {};
  }
}

basp_verdict basp_judge::hear_handshake(const basp_header& header,
                                        const node_bytes& node) {
  if ((header.operation == basp_operation::server_handshake) != options_.dialed)
    return refuse_as(refusal_kind::garbled, "it sends "
                                                + words(header.operation)
                                                + " from the wrong end");
  if (++handshakes_ > (options_.dialed ? 1 : 2))
    return refuse_as(refusal_kind::garbled, "it sends too many handshakes");
  if (!same_kind(node, options_.own) || host_of(node) != options_.peer_host)
    return refuse_as(refusal_kind::forged,
                     "it shows a node's ID that is not its own");
  if (peer_ && *peer_ != node)
    return refuse_as(refusal_kind::forged, "it shows another ID than at first");
  peer_ = node;
  return {};
}

basp_verdict
basp_judge::judge_direct(const basp_header& header,
                         std::span<const std::uint8_t> head) const {
  switch (content_of_direct(header, head, options_.own, *peer_)) {
  case forbidden_content::none:
    return {};
  case forbidden_content::stages:
    return skip_as(refusal_kind::routed,
                   "its answer is to go to others, or it is garbled");
  case forbidden_content::down:
    return skip_as(refusal_kind::forged,
                   "it says as a message that an actor has ended");
  case forbidden_content::exit:
    return skip_as(refusal_kind::forged,
                   "it is an exit in the name of another node's actor");
  case forbidden_content::link:
    return refuse_as(refusal_kind::forged,
                     "it sends a link as a message of its own");
  }
  return {};
}

basp_verdict
basp_judge::judge_routed(const basp_header& header,
                         std::span<const std::uint8_t> head) const {
  constexpr auto second = std::tuple_size_v<node_bytes>;
  const auto& own = options_.own;
  if (is_link(header, head, own, *peer_))
    return {};
  if (head.size() < 2 * second)
    return refuse_as(refusal_kind::garbled, "it sends half of a message");
  if (node_at(head, second) != own) {
    if (greets_node(header))
      return {basp_fate::skip, {}};
    auto verdict = skip_to_others();
    verdict.answered = node_at(head, 0) == *peer_;
    return verdict;
  }
  return skip_as(refusal_kind::forged, node_at(head, 0) == own
                                           ? "it speaks for an actor of ours"
                                           : "it speaks for another node");
}

/// A monitor says nothing of anybody's actors and is answered with the truth,
/// so the nodes pass them on for each other: a proxy that a third node's
/// message has made gets no second one once its node is connected.
basp_verdict basp_judge::judge_monitor(const node_bytes& source,
                                       const node_bytes& destination) const {
  const auto& own = options_.own;
  if (source == *peer_
      || (destination == own && source != own && same_kind(source, own)))
    return {};
  return skip_as(refusal_kind::forged, "it speaks for another node");
}

basp_verdict basp_judge::judge_down(const node_bytes& source,
                                    const node_bytes& destination) const {
  if (destination != options_.own)
    return skip_to_others();
  if (source != *peer_)
    return refuse_as(refusal_kind::forged,
                     "it says that an actor of another node has ended");
  return {};
}

} // namespace weft::transport
