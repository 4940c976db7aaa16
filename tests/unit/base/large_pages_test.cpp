#include "runtime/base/large_pages.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

namespace weft {

TEST_CASE("memory of every size can be written and given back") {
  for (std::size_t bytes : {std::size_t{64}, large_pages_from,
                            large_pages_from + 1, std::size_t{9} << 20}) {
    auto* cells = large_pages().allocate(bytes, 64);
    CHECK(reinterpret_cast<std::uintptr_t>(cells) % 64 == 0);
    std::memset(cells, 1, bytes);
    large_pages().deallocate(cells, bytes, 64);
  }
}

TEST_CASE("large memory begins on a page of 2 MiB") {
  std::size_t bytes = std::size_t{6} << 20;
  auto* cells = large_pages().allocate(bytes, 64);
  CHECK(reinterpret_cast<std::uintptr_t>(cells) % (2 << 20) == 0);
  large_pages().deallocate(cells, bytes, 64);
}

TEST_CASE("a container of any size has its elements at a cache line") {
  for (std::size_t count : {1, 1000, 300'000}) {
    const std::vector<double, large_page_allocator<double>> all(count, 1.5);
    CHECK(reinterpret_cast<std::uintptr_t>(all.data()) % 64 == 0);
    CHECK(std::accumulate(all.begin(), all.end(), 0.0)
          == 1.5 * static_cast<double>(count));
  }
}

} // namespace weft
