#pragma once

#include "transport/core/basp_format.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weft::test {

using transport::basp_operation;
using transport::node_bytes;
using byte_list = std::vector<std::uint8_t>;

inline void append(byte_list& to, std::span<const std::uint8_t> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

inline void append(byte_list& to, std::uint64_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// One of several node IDs of the kind that weft's nodes have.
inline node_bytes node_number(std::uint8_t number) {
  node_bytes node{0, 0, 0x3e, 0x9a, 0xab, 0x9b, 0xac, 0x79};
  node.back() = number;
  return node;
}

/// What a header says beside the length of the payload.
struct basp_fields {
  basp_operation operation = basp_operation::heartbeat;
  std::uint64_t source_actor = 0;
  std::uint64_t destination_actor = 0;
  std::uint64_t data = 0;
  std::uint8_t flags = 0;
};

inline byte_list basp_bytes(const basp_fields& fields,
                            std::span<const std::uint8_t> payload = {}) {
  byte_list bytes{static_cast<std::uint8_t>(fields.operation), 0, 0,
                  fields.flags};
  append(bytes, payload.size(), 4);
  append(bytes, fields.data, 8);
  append(bytes, fields.source_actor, 8);
  append(bytes, fields.destination_actor, 8);
  append(bytes, payload);
  return bytes;
}

/// The start of a payload with two nodes.
inline byte_list from_to(const node_bytes& source,
                         const node_bytes& destination) {
  byte_list bytes;
  append(bytes, source);
  append(bytes, destination);
  return bytes;
}

inline byte_list client_handshake(const node_bytes& node) {
  return basp_bytes({basp_operation::client_handshake}, node);
}

/// A message's content without values: no stages, then the types' names.
inline byte_list content(std::string_view types) {
  byte_list bytes{0, 0, 0, static_cast<std::uint8_t>(types.size())};
  bytes.insert(bytes.end(), types.begin(), types.end());
  return bytes;
}

} // namespace weft::test
