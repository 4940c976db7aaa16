#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace weft::transport {

/// A node's ID as CAF writes it: what kind of ID it is (8 bytes), the process
/// (4 bytes), the host (20 bytes).
using node_bytes = std::array<std::uint8_t, 32>;
using host_bytes = std::array<std::uint8_t, 20>;

host_bytes host_of(const node_bytes& node) noexcept;

/// False when one of them is of a kind that CAF writes at another length.
bool same_kind(const node_bytes& left, const node_bytes& right) noexcept;

/// The messages of BASP, the protocol in which the nodes of CAF 0.17 speak to
/// each other.
enum class basp_operation : std::uint8_t {
  /// By who accepted: its node, then what it offers.
  server_handshake = 0,
  /// By who dialed: its node. Twice, before and after the other's handshake.
  client_handshake = 1,
  /// From an actor of the peer to one of ours.
  direct_message = 2,
  /// From any node to any node, in steps.
  routed_message = 3,
  /// A node has a proxy for one of our actors.
  monitor_message = 4,
  /// An actor that we have a proxy for has ended.
  down_message = 5,
  heartbeat = 6,
};

std::string_view to_string(basp_operation operation) noexcept;

/// Bytes on the wire, all integers big-endian: operation (1 byte), padding
/// (2 bytes), flags (1 byte), bytes of the payload (4 bytes), data of the
/// operation, source actor, destination actor (8 bytes each).
struct basp_header {
  basp_operation operation = basp_operation::heartbeat;
  std::uint8_t flags = 0;
  std::uint32_t payload_bytes = 0;
  /// Of a message: whether it asks or answers, and which request.
  std::uint64_t data = 0;
  std::uint64_t source_actor = 0;
  std::uint64_t destination_actor = 0;
};

inline constexpr std::size_t basp_header_bytes = 32;

/// Nothing when there is no such operation.
std::optional<basp_header>
decode_basp_header(std::span<const std::uint8_t, basp_header_bytes> bytes);

/// Appends the wire form.
void append(std::vector<std::uint8_t>& to, const basp_header& header);

/// The header of an answer to a message, of `payload_bytes`; nothing when the
/// message asks nothing.
std::optional<basp_header> answer_to(const basp_header& asked,
                                     std::uint32_t payload_bytes);

/// True when the message asks a node's actor named "SpawnServ", as CAF does by
/// itself once it hears of a node.
bool greets_node(const basp_header& header) noexcept;

/// How many bytes at the start of a payload tell whom a message speaks for,
/// and what it says where that matters. A shorter payload tells all it can.
std::size_t telling_bytes(basp_operation operation) noexcept;

/// The node at byte `at` of a payload that has it.
node_bytes node_at(std::span<const std::uint8_t> payload, std::size_t at);

/// True when a routed message with that header and payload is how CAF says
/// that an actor of `peer` links itself to ours, or no longer: it sends this
/// in the name of the actor that it is for.
bool is_link(const basp_header& header, std::span<const std::uint8_t> payload,
             const node_bytes& own, const node_bytes& peer);

/// What a direct message holds that only CAF itself may say.
enum class forbidden_content : std::uint8_t {
  none,
  /// Actors that the answer is to be passed on to, or no message at all.
  stages,
  /// That an actor has ended, of any node.
  down,
  /// That an actor has ended, or wants another to end, which is not the peer's.
  exit,
  /// A link, in the name of its sender.
  link,
};

/// `head` is the payload's start, of `telling_bytes` or all of it.
forbidden_content content_of_direct(const basp_header& header,
                                    std::span<const std::uint8_t> head,
                                    const node_bytes& own,
                                    const node_bytes& peer);

} // namespace weft::transport
