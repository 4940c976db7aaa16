#pragma once

#include "actors/torus/core/counters.hpp"
#include "actors/torus/core/event.hpp"
#include "actors/torus/core/lattice.hpp"
#include "actors/torus/core/pending_set.hpp"
#include "actors/torus/core/site.hpp"
#include "actors/torus/core/torus_options.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

namespace weft::torus {

/// All memory of a torus, and what its handlers look up.
struct torus_parts {
  /// Of options that `check` has nothing against.
  torus_parts(const torus_options& how, std::size_t record_bytes);

  /// True for sites of this torus, whose numbers are addresses less `first`.
  bool is_own(address which) const { return which - first < sites_count; }

  /// Keeps an event for another torus until the window ends. False if there is
  /// no room.
  bool add_crossing(const event& what);

  torus_options options;
  lattice shape;
  /// The address of site 0.
  address first;
  std::uint32_t sites_count;
  std::size_t record_bytes;
  std::pmr::vector<site> sites;
  /// What the model keeps of each site, one after the other.
  std::pmr::vector<std::byte> records;
  std::pmr::vector<edge> edges;
  pending_set pending;
  std::uint64_t pending_count = 0;
  std::pmr::vector<event> crossings;
  torus_counters counters;
};

} // namespace weft::torus
