#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weft::byzantine {

/// A general's number; 0 commands.
using general_id = std::uint32_t;

inline constexpr general_id commander = 0;

/// What generals decide about. Retreat is what counts where nothing was heard
/// and where opinions are tied.
enum class order : std::uint8_t { retreat, attack };

constexpr order opposite(order what) {
  return what == order::attack ? order::retreat : order::attack;
}

std::string_view to_string(order what);

/// An Ed25519 signature.
using signature = std::array<std::uint8_t, 64>;

/// One message from one general to one other. Others do not see it, so a
/// traitor can tell each something else.
struct relay {
  /// Tells apart runs that share a space.
  std::uint64_t instance = 0;
  /// From 1; the length of the path.
  std::uint32_t round = 0;
  /// Who passed the value on, the commander first, the sender last.
  std::vector<general_id> path;
  general_id from = 0;
  general_id to = 0;
  order value = order::retreat;
  /// With signed messages one of each general of the path, in its order.
  std::vector<signature> signatures;

  friend bool operator==(const relay&, const relay&) = default;
};

/// True if a general is on a path.
bool holds(std::span<const general_id> path, general_id who);

/// What the last general of a path signs: instance, round, path and value,
/// each at a fixed place or behind its length, little-endian, so that no two
/// differ in meaning and not in bytes.
std::vector<std::uint8_t> signed_bytes(std::uint64_t instance,
                                       std::span<const general_id> path,
                                       order value);

/// A general's own secret key, and the public keys of all.
class key_ring {
public:
  virtual ~key_ring() = default;

  virtual signature sign(std::span<const std::uint8_t> message) const = 0;

  /// True if `by` signed exactly this.
  virtual bool verify(general_id by, std::span<const std::uint8_t> message,
                      const signature& what) const = 0;
};

/// Puts the sender's signature at the end of a relay's, in place of one that
/// stands there.
void sign_last(relay& what, const key_ring& keys);

} // namespace weft::byzantine
