#include "apps/heat/machine/tuning.hpp"

#include <unistd.h>

namespace weft::heat {

namespace {

std::size_t cache_bytes(int name, std::size_t otherwise) {
  auto bytes = sysconf(name);
  return bytes > 0 ? static_cast<std::size_t>(bytes) : otherwise;
}

} // namespace

cache_sizes caches() {
  return {.second_bytes = cache_bytes(_SC_LEVEL2_CACHE_SIZE, 512 << 10),
          .last_bytes = cache_bytes(_SC_LEVEL3_CACHE_SIZE, 8 << 20)};
}

std::size_t memory_bytes() {
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES))
         * static_cast<std::size_t>(sysconf(_SC_PAGE_SIZE));
}

void tune(region_options& options, index cells, const cache_sizes& have) {
  // The rest of the second cache is for what comes from memory.
  options.scratch_bytes_max = have.second_bytes / 4 * 3;
  // Every iteration or block reads one array and writes another.
  auto used = 2 * sizeof(double) * static_cast<std::size_t>(cells);
  options.past_cache = used > have.last_bytes;
}

} // namespace weft::heat
