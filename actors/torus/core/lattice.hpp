#pragma once

#include "runtime/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace weft::torus {

/// How many sites lie along each axis.
struct lattice_size {
  std::uint32_t x = 32;
  std::uint32_t y = 32;
  std::uint32_t z = 32;

  friend bool operator==(const lattice_size&, const lattice_size&) = default;
};

/// The two ends of a torus along x, where it touches its neighbours in the
/// braid.
enum class side : std::uint8_t {
  /// x = 0.
  first,
  /// x = X - 1.
  last,
};

/// The sites of a torus, numbered with x fastest and z slowest. Coordinates
/// wrap.
class lattice {
public:
  static constexpr std::uint32_t directions = 6;

  /// Fails with `invalid_argument` for an axis without sites, and above
  /// `sites_max`.
  static result<lattice> make(const lattice_size& size);

  /// Edges and neighbours in six directions must stay countable.
  static constexpr std::uint32_t sites_max = 1U << 28;

  const lattice_size& size() const { return size_; }
  std::uint32_t sites() const { return sites_; }

  std::uint32_t site(std::uint32_t x, std::uint32_t y, std::uint32_t z) const {
    return x + stride_[1] * y + stride_[2] * z;
  }

  /// The site beside this one: direction 0 and 1 are along x, back and forth;
  /// 2 and 3 along y, 4 and 5 along z.
  std::uint32_t neighbour(std::uint32_t site, std::uint32_t direction) const {
    const auto axis = direction / 2;
    const auto stride = stride_[axis];
    const auto around = stride * extent_[axis];
    const auto place = site / stride % extent_[axis];
    const auto back = site - stride + (place == 0 ? around : 0);
    const auto forth =
        site + stride - (place + 1 == extent_[axis] ? around : 0);
    return direction % 2 == 0 ? back : forth;
  }

  /// Sites of a face: Y * Z.
  std::size_t face_sites() const { return std::size_t{size_.y} * size_.z; }

  /// The site of a face, numbered with y fastest.
  std::uint32_t face_site(side which, std::size_t index) const {
    const auto row = static_cast<std::uint32_t>(index) * size_.x;
    return which == side::first ? row : row + size_.x - 1;
  }

private:
  explicit lattice(const lattice_size& size);

  lattice_size size_;
  std::uint32_t sites_ = 0;
  std::array<std::uint32_t, 3> extent_{};
  std::array<std::uint32_t, 3> stride_{};
};

} // namespace weft::torus
