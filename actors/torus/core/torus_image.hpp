#pragma once

#include "actors/torus/core/counters.hpp"
#include "actors/torus/core/event.hpp"
#include "actors/torus/core/lattice.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weft::torus {

/// A torus at one time, apart from the memory that it lives in: the same for
/// equal states.
struct torus_image {
  struct site_part {
    std::uint64_t state = 0;
    std::uint64_t random = 0;

    friend bool operator==(const site_part&, const site_part&) = default;
  };

  struct edge_part {
    std::uint32_t site = 0;
    address to = 0;
    std::uint32_t delay = 0;

    friend bool operator==(const edge_part&, const edge_part&) = default;
  };

  lattice_size size;
  std::uint32_t torus = 0;
  std::uint32_t tori = 1;
  /// `torus_kernel::description`.
  std::string model;
  virtual_time now = 0;
  torus_counters counters;
  std::vector<site_part> sites;
  /// As in the torus, one site after the other.
  std::vector<std::byte> records;
  /// By site, and for each in the order in which they were made.
  std::vector<edge_part> edges;
  /// In canonical order.
  std::vector<event> events;

  friend bool operator==(const torus_image&, const torus_image&) = default;
};

/// *Shape*: numbers are little-endian. The 8 bytes "wefttors", the version
/// (u32), then the members in their order, where each list or text begins with
/// its length (u64), and at the end a checksum (u64) of all that is before it.
std::vector<std::byte> encoded(const torus_image& image);

/// Fails with `invalid_argument` for what is no image of this version, cut off,
/// longer than it says or changed.
result<torus_image> decoded(std::span<const std::byte> bytes);

} // namespace weft::torus
