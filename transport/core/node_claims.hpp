#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace weft::transport {

/// A node's ID as CAF writes it: what kind of ID it is (8 bytes), the process
/// (4 bytes), the host (20 bytes). A node has a new one each time it starts.
using node_bytes = std::array<std::uint8_t, 32>;

/// False when one of them is of a kind that CAF writes at another length.
bool same_kind(const node_bytes& left, const node_bytes& right) noexcept;

/// Which node's name has shown which ID. CAF believes whatever ID a peer shows
/// in its handshake; this makes an ID belong to the name that has shown it
/// first, and to us our own. Of each name the last `ids_per_name_max` are
/// remembered, connected or not. Pure, not thread-safe.
class node_claims {
public:
  static constexpr std::size_t ids_per_name_max = 16;

  explicit node_claims(const node_bytes& own) : own_{own} {}

  const node_bytes& own() const { return own_; }

  /// True when the node of this name may go by this ID, which is its own from
  /// here on. Cost: linear in what is remembered.
  bool claim(const std::string& name, const node_bytes& node);

private:
  node_bytes own_;
  std::map<std::string, std::deque<node_bytes>> by_name_;
};

} // namespace weft::transport
