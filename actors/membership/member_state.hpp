#pragma once

#include <cstdint>
#include <string_view>

namespace weft::actors {

/// What a node believes of another, and what it tells its watchers.
enum class member_state : std::uint8_t {
  /// Stands in the cluster file and has not been seen yet.
  absent = 0,
  /// Connected and accepted.
  up = 1,
  /// Perhaps lost; not known for sure.
  suspect = 2,
  /// Was present and is lost.
  down = 3,
  /// Said goodbye.
  left = 4,
  /// In events only: up again after it was down or had left, as a new process
  /// (with a higher incarnation) or as the same one after a lost connection.
  back = 5,
};

/// "up", "down", ...; "unknown" for a value from a newer peer.
std::string_view to_string(member_state state) noexcept;

} // namespace weft::actors
