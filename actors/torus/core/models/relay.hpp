#pragma once

#include "actors/torus/core/event.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace weft::torus {

/// Passes each event on along all edges of its site, with a payload that is
/// higher by one.
struct relay {
  std::string description() const { return "relay"; }
  std::size_t record_bytes() const { return 0; }

  template <class Turn>
  void handle(Turn& at, address source, std::int32_t payload) const {
    at.state() = after_event(at.state(), at.now(), source, payload);
    at.send_along_edges(payload, static_cast<std::int32_t>(
                                     static_cast<std::uint32_t>(payload) + 1));
  }

  /// Means nothing physical.
  std::int32_t observe(std::uint64_t state) const {
    return static_cast<std::int32_t>(state >> 32);
  }
};

} // namespace weft::torus
