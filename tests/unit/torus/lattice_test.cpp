#include "actors/torus/core/lattice.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

namespace weft::torus {

namespace {

struct place {
  std::uint32_t x, y, z;
};

/// What `lattice` says without coordinates.
std::uint32_t plain_neighbour(const lattice& shape, place from,
                              std::uint32_t direction) {
  const auto [x, y, z] = shape.size();
  switch (direction) {
  case 0:
    return shape.site((from.x + x - 1) % x, from.y, from.z);
  case 1:
    return shape.site((from.x + 1) % x, from.y, from.z);
  case 2:
    return shape.site(from.x, (from.y + y - 1) % y, from.z);
  case 3:
    return shape.site(from.x, (from.y + 1) % y, from.z);
  case 4:
    return shape.site(from.x, from.y, (from.z + z - 1) % z);
  default:
    return shape.site(from.x, from.y, (from.z + 1) % z);
  }
}

} // namespace

TEST_CASE("each site has six neighbours, around the ends of every axis") {
  for (const auto& size : {lattice_size{1, 1, 1}, lattice_size{2, 1, 3},
                           lattice_size{5, 4, 3}, lattice_size{8, 8, 8}}) {
    const auto shape = *lattice::make(size);
    CHECK(shape.sites() == size.x * size.y * size.z);
    for (std::uint32_t z = 0; z < size.z; ++z)
      for (std::uint32_t y = 0; y < size.y; ++y)
        for (std::uint32_t x = 0; x < size.x; ++x)
          for (std::uint32_t way = 0; way < lattice::directions; ++way)
            CHECK(shape.neighbour(shape.site(x, y, z), way)
                  == plain_neighbour(shape, {x, y, z}, way));
  }
}

TEST_CASE("the faces are the sites at both ends of x, y fastest") {
  const auto shape = *lattice::make({4, 3, 2});
  CHECK(shape.face_sites() == 6);
  for (std::uint32_t z = 0; z < 2; ++z)
    for (std::uint32_t y = 0; y < 3; ++y) {
      CHECK(shape.face_site(side::first, z * 3 + y) == shape.site(0, y, z));
      CHECK(shape.face_site(side::last, z * 3 + y) == shape.site(3, y, z));
    }
}

TEST_CASE("a lattice has sites on each axis, and not too many") {
  CHECK(lattice::make({1U << 14, 1U << 14, 1}));
  for (const auto& size :
       {lattice_size{0, 1, 1}, lattice_size{1, 0, 1}, lattice_size{1, 1, 0},
        lattice_size{1U << 14, 1U << 14, 2},
        lattice_size{0xFFFF'FFFF, 0xFFFF'FFFF, 0xFFFF'FFFF}}) {
    const auto made = lattice::make(size);
    REQUIRE(!made);
    CHECK(made.error().code == errc::invalid_argument);
  }
}

} // namespace weft::torus
