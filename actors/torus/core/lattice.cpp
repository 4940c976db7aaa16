#include "actors/torus/core/lattice.hpp"

#include <fmt/format.h>

namespace weft::torus {

lattice::lattice(const lattice_size& size)
    : size_{size}, sites_{size.x * size.y * size.z},
      extent_{size.x, size.y, size.z}, stride_{1, size.x, size.x * size.y} {}

result<lattice> lattice::make(const lattice_size& size) {
  const auto fits = [](std::uint64_t extent, std::uint64_t others) {
    return extent > 0 && extent <= sites_max / others;
  };
  if (!fits(size.x, 1) || !fits(size.y, size.x)
      || !fits(size.z, std::uint64_t{size.x} * size.y))
    return fail(errc::invalid_argument,
                fmt::format("lattice {}x{}x{}: expected at least 1x1x1 and at "
                            "most {} sites",
                            size.x, size.y, size.z, sites_max));
  return lattice{size};
}

} // namespace weft::torus
