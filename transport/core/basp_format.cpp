#include "transport/core/basp_format.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>

namespace weft::transport {

namespace {

using payload_view = std::span<const std::uint8_t>;

constexpr std::size_t node_size = std::tuple_size_v<node_bytes>;

// What a message begins with: no stages (1 byte), a type without number
// (2 bytes), the length of the types' names (1 byte), the names.
constexpr std::string_view down_start{"\0\0\0\x09@<>+@down", 13};
constexpr std::string_view link_start{"\0\0\0\x1b@<>+@atom+@strong_actor_ptr",
                                      31};
constexpr std::size_t message_start_bytes_min = 4;

// Atoms of CAF 0.17: six bits for each character.
constexpr std::uint64_t link_atom_value = 0xfc6ecf0;
constexpr std::uint64_t unlink_atom_value = 0xfeb3c6ecf0;

constexpr std::size_t link_content_bytes =
    link_start.size() + 8 + 8 + node_size;
constexpr std::size_t link_payload_bytes = 2 * node_size + link_content_bytes;

// A message's ID in CAF 0.17.
constexpr std::uint64_t response_flag = 0x8000'0000'0000'0000;
constexpr std::uint64_t request_id_mask = 0x0fff'ffff'ffff'ffff;

void append_integer(std::vector<std::uint8_t>& to, std::uint64_t value,
                    int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint64_t integer_at(payload_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (const auto byte : bytes.subspan(at, size))
    value = value << 8 | byte;
  return value;
}

bool starts_with(payload_view bytes, std::string_view start) {
  return bytes.size() >= start.size()
         && std::equal(start.begin(), start.end(), bytes.begin(),
                       [](char expected, std::uint8_t byte) {
                         return static_cast<std::uint8_t>(expected) == byte;
                       });
}

/// True when `content` is a link's or begins like one.
bool says_link(payload_view content) {
  if (!starts_with(content, link_start)
      || content.size() < link_start.size() + 8)
    return false;
  const auto verb = integer_at(content, link_start.size(), 8);
  return verb == link_atom_value || verb == unlink_atom_value;
}

} // namespace

std::string_view to_string(basp_operation operation) noexcept {
  switch (operation) {
  case basp_operation::server_handshake:
    return "an acceptor's handshake";
  case basp_operation::client_handshake:
    return "a dialer's handshake";
  case basp_operation::direct_message:
    return "a message";
  case basp_operation::routed_message:
    return "a routed message";
  case basp_operation::monitor_message:
    return "a monitor";
  case basp_operation::down_message:
    return "the end of an actor";
  case basp_operation::heartbeat:
    return "a heartbeat";
  }
  return "unknown";
}

std::optional<basp_header>
decode_basp_header(std::span<const std::uint8_t, basp_header_bytes> bytes) {
  if (bytes[0] > static_cast<std::uint8_t>(basp_operation::heartbeat))
    return std::nullopt;
  basp_header header;
  header.operation = static_cast<basp_operation>(bytes[0]);
  header.flags = bytes[3];
  header.payload_bytes = static_cast<std::uint32_t>(integer_at(bytes, 4, 4));
  header.data = integer_at(bytes, 8, 8);
  header.source_actor = integer_at(bytes, 16, 8);
  header.destination_actor = integer_at(bytes, 24, 8);
  return header;
}

void append(std::vector<std::uint8_t>& to, const basp_header& header) {
  to.insert(to.end(),
            {static_cast<std::uint8_t>(header.operation), 0, 0, header.flags});
  append_integer(to, header.payload_bytes, 4);
  append_integer(to, header.data, 8);
  append_integer(to, header.source_actor, 8);
  append_integer(to, header.destination_actor, 8);
}

std::optional<basp_header> answer_to(const basp_header& asked,
                                     std::uint32_t payload_bytes) {
  const bool is_request =
      (asked.data & request_id_mask) != 0 && (asked.data & response_flag) == 0;
  if (!is_request || asked.source_actor == 0)
    return std::nullopt;
  basp_header answer;
  answer.operation = basp_operation::direct_message;
  answer.payload_bytes = payload_bytes;
  answer.data = asked.data | response_flag;
  answer.destination_actor = asked.source_actor;
  return answer;
}

std::size_t telling_bytes(basp_operation operation) noexcept {
  switch (operation) {
  case basp_operation::server_handshake:
  case basp_operation::client_handshake:
    return node_size;
  case basp_operation::direct_message:
    return link_start.size() + 8;
  case basp_operation::routed_message:
    return link_payload_bytes;
  case basp_operation::monitor_message:
  case basp_operation::down_message:
    return 2 * node_size;
  case basp_operation::heartbeat:
    return 0;
  }
  return 0;
}

node_bytes node_at(payload_view payload, std::size_t at) {
  WEFT_ASSERT(payload.size() >= at + node_size);
  node_bytes node;
  std::ranges::copy(payload.subspan(at, node_size), node.begin());
  return node;
}

bool is_link(const basp_header& header, payload_view payload,
             const node_bytes& own, const node_bytes& peer) {
  return header.payload_bytes == link_payload_bytes
         && payload.size() == link_payload_bytes && header.flags == 0
         && header.source_actor == header.destination_actor
         && node_at(payload, 0) == own && node_at(payload, node_size) == own
         && says_link(payload.subspan(2 * node_size))
         && node_at(payload, link_payload_bytes - node_size) == peer;
}

forbidden_content content_of_direct(payload_view head) {
  if (head.size() < message_start_bytes_min || head[0] != 0)
    return forbidden_content::stages;
  // A length of two bytes is one of 128 at least. CAF would read shorter ones
  // too, which only somebody who hides them writes so.
  const bool long_names = (head[3] & 0x80) != 0;
  if (long_names && (head.size() < 5 || head[4] == 0 || head[4] > 0x7f))
    return forbidden_content::stages;
  if (starts_with(head, down_start))
    return forbidden_content::down;
  return says_link(head) ? forbidden_content::link : forbidden_content::none;
}

} // namespace weft::transport
