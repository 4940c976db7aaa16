#include "apps/heat/machine/huge_pages.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weft::heat::test {

TEST_CASE("memory of every size can be written and given back") {
  for (std::size_t bytes : {std::size_t{64}, std::size_t{4} << 20,
                            (std::size_t{4} << 20) + 1, std::size_t{9} << 20}) {
    auto* cells = huge_pages().allocate(bytes, 64);
    CHECK(reinterpret_cast<std::uintptr_t>(cells) % 64 == 0);
    std::memset(cells, 1, bytes);
    huge_pages().deallocate(cells, bytes, 64);
  }
}

TEST_CASE("large memory begins on a page of 2 MiB") {
  std::size_t bytes = std::size_t{6} << 20;
  auto* cells = huge_pages().allocate(bytes, 64);
  CHECK(reinterpret_cast<std::uintptr_t>(cells) % (2 << 20) == 0);
  huge_pages().deallocate(cells, bytes, 64);
}

} // namespace weft::heat::test
