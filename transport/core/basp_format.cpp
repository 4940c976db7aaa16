#include "transport/core/basp_format.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>

namespace weft::transport {

namespace {

using payload_view = std::span<const std::uint8_t>;

constexpr std::size_t node_size = std::tuple_size_v<node_bytes>;

// What a message begins with: no stages (1 byte), a type without number
// (2 bytes), the length of the types' names (1 byte if below 128), the names.
constexpr std::size_t names_at = 4;
constexpr std::string_view down_types = "@<>+@down";
constexpr std::string_view exit_types = "@<>+@exit";
constexpr std::string_view link_types = "@<>+@atom+@strong_actor_ptr";

// Atoms of CAF 0.17: six bits for each character.
constexpr std::uint64_t link_atom_value = 0xfc6ecf0;
constexpr std::uint64_t unlink_atom_value = 0xfeb3c6ecf0;
constexpr std::uint64_t spawn_server_atom_value = 0x3ddd66f3376adfb;

constexpr std::uint8_t named_receiver_flag = 1;

constexpr std::size_t link_content_bytes =
    names_at + link_types.size() + 8 + 8 + node_size;
constexpr std::size_t exit_start_bytes =
    names_at + exit_types.size() + 1 + 8 + node_size;
static_assert(exit_start_bytes >= names_at + link_types.size() + 1 + 8);
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

/// A message's types and where its values begin.
struct message_types {
  std::string_view names;
  std::size_t values_at = 0;
};

/// No names when they are longer than what is there. CAF reads over a "+" at
/// their end, which it never writes.
message_types types_of(payload_view content) {
  if (content.size() < names_at || integer_at(content, 0, 3) != 0
      || content.size() - names_at < content[3])
    return {};
  message_types types{
      {reinterpret_cast<const char*>(content.data()) + names_at, content[3]},
      names_at + content[3]};
  if (types.names.ends_with('+'))
    types.names.remove_suffix(1);
  return types;
}

/// CAF writes a length seven bits a byte, least first, and ends at a byte below
/// 128; it reads forms too that it would not write, and that overflow.
bool has_proper_length(payload_view content) {
  constexpr std::size_t length_bytes_max = 4;
  const auto length = content.subspan(names_at - 1);
  for (std::size_t at = 0; at < std::min(length.size(), length_bytes_max); ++at)
    if (length[at] < 0x80)
      return at == 0 || length[at] != 0;
  return false;
}

bool says_link(payload_view content) {
  const auto types = types_of(content);
  if (types.names != link_types || content.size() - types.values_at < 8)
    return false;
  const auto verb = integer_at(content, types.values_at, 8);
  return verb == link_atom_value || verb == unlink_atom_value;
}

/// True when `source`, an actor's number and node, is of the peer, nobody, or
/// the receiver itself, which CAF names when nobody sends an exit.
bool may_exit_as(payload_view source, const node_bytes& own,
                 std::uint64_t receiver, const node_bytes& peer) {
  if (source.size() < 2 * 8 || integer_at(source, 8, 8) == 0)
    return true;
  if (source.size() < 8 + node_size)
    return false;
  const auto node = node_at(source, 8);
  return node == peer || (node == own && integer_at(source, 0, 8) == receiver);
}

} // namespace

host_bytes host_of(const node_bytes& node) noexcept {
  host_bytes host;
  std::copy(node.end() - host.size(), node.end(), host.begin());
  return host;
}

bool same_kind(const node_bytes& left, const node_bytes& right) noexcept {
  return std::equal(left.begin(), left.begin() + 8, right.begin());
}

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

bool greets_node(const basp_header& header) noexcept {
  return (header.flags & named_receiver_flag) != 0
         && header.destination_actor == spawn_server_atom_value;
}

std::size_t telling_bytes(basp_operation operation) noexcept {
  switch (operation) {
  case basp_operation::server_handshake:
  case basp_operation::client_handshake:
    return node_size;
  case basp_operation::direct_message:
    return exit_start_bytes;
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
         && payload[2 * node_size + names_at - 1] == link_types.size()
         && says_link(payload.subspan(2 * node_size))
         && node_at(payload, link_payload_bytes - node_size) == peer;
}

forbidden_content content_of_direct(const basp_header& header,
                                    payload_view head, const node_bytes& own,
                                    const node_bytes& peer) {
  if (head.size() < names_at || head[0] != 0 || !has_proper_length(head))
    return forbidden_content::stages;
  const auto types = types_of(head);
  if (types.names == down_types)
    return forbidden_content::down;
  if (types.names == exit_types
      && !may_exit_as(head.subspan(types.values_at), own,
                      header.destination_actor, peer))
    return forbidden_content::exit;
  return says_link(head) ? forbidden_content::link : forbidden_content::none;
}

} // namespace weft::transport
