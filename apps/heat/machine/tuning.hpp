#pragma once

#include "apps/heat/core/rectangle.hpp"
#include "apps/heat/core/region_core.hpp"

#include <cstddef>

namespace weft::heat {

/// The caches of this machine.
struct cache_sizes {
  /// The second cache of a core.
  std::size_t second_bytes = 0;
  /// The last cache, shared by cores.
  std::size_t last_bytes = 0;
};

/// As the system tells them; 512 KiB and 8 MiB where it does not.
cache_sizes caches();

/// Memory of this machine, used or not.
std::size_t memory_bytes();

/// Sets how regions use these caches, where the regions of this process own
/// `cells` cells together.
void tune(region_options& options, index cells, const cache_sizes& have);

} // namespace weft::heat
