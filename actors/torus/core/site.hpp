#pragma once

#include "actors/torus/core/event.hpp"
#include "runtime/base/mix.hpp"

#include <cstdint>

namespace weft::torus {

/// One past a list's last edge, or a site without edges.
inline constexpr std::uint32_t no_edge = 0xFFFF'FFFF;

/// What the kernel keeps of a site. What a model adds lies apart.
struct site {
  std::uint64_t state = 0;
  /// Of its stream of random numbers: `next_random`.
  std::uint64_t random = 0;
  /// In a time step, one more than the position of the site's event that was
  /// seen last; else 0.
  std::uint32_t newest = 0;
  std::uint32_t first_edge = no_edge;
};

/// Where a site's stream of random numbers begins.
constexpr std::uint64_t stream_of(std::uint64_t seed, address site) {
  return mixed(mixed(seed + golden_step) ^ site);
}

/// A way from a site to one of its own torus or of another.
struct edge {
  address to = 0;
  /// In ticks.
  std::uint32_t delay = 1;
  /// The one of the same site that was made after this one.
  std::uint32_t next = no_edge;
};

} // namespace weft::torus
