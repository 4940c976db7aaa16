#pragma once

#include "apps/heat/core/rectangle.hpp"

#include <cstddef>
#include <memory_resource>

namespace weft::heat {

/// Where the cells of a region lie in memory; the same for all its arrays.
///
/// *Shape*: row-major; position (0, 0) begins a cache line, as does column 0
/// of every row. Rows lie a distance apart that spreads a column over the
/// sets of the first cache.
class field_layout {
public:
  /// For these positions, which may be negative.
  explicit field_layout(const rectangle& extent);

  const rectangle& extent() const { return extent_; }
  index stride() const { return stride_; }
  /// Cells from the first one in memory to (row, column).
  index offset(index row, index column) const {
    return (row - extent_.row_begin) * stride_ + column + margin_;
  }
  std::size_t bytes() const;

private:
  rectangle extent_;
  /// Cells of a row in memory that lie before column 0.
  index margin_;
  index stride_;
};

/// One array of a region, halos included.
/// Not initialised: whoever fills it first decides to which memory of the
/// machine it belongs.
class field {
public:
  field(const field_layout& layout, std::pmr::memory_resource& memory);
  ~field();
  field(field&& other) noexcept;
  field& operator=(field&& other) noexcept;

  double* at(index row, index column) {
    return cells_ + layout_.offset(row, column);
  }
  const double* at(index row, index column) const {
    return cells_ + layout_.offset(row, column);
  }
  const field_layout& layout() const { return layout_; }

private:
  field_layout layout_;
  std::pmr::memory_resource* memory_;
  double* cells_;
};

} // namespace weft::heat
