#include "apps/heat/core/field.hpp"

#include "apps/heat/core/cache_line.hpp"

#include <utility>

namespace weft::heat {

namespace {

/// First caches choose the set of a line by its position in a page.
constexpr index page_cells = 512;

/// The least distance of rows that holds `columns` cells and is, within a
/// page, near enough to a fifth of it that neighbouring rows share no sets.
index stride_for(index columns) {
  auto stride = whole_lines(columns);
  if (columns < page_cells / 4)
    return stride;
  constexpr index step = 13 * line_cells;
  return stride + (page_cells + step - stride % page_cells) % page_cells;
}

} // namespace

field_layout::field_layout(const rectangle& extent)
    : extent_(extent),
      margin_(whole_lines(std::max<index>(-extent.column_begin, 0))),
      stride_(stride_for(margin_ + extent.column_end)) {}

std::size_t field_layout::bytes() const {
  return static_cast<std::size_t>(extent_.rows() * stride_) * sizeof(double);
}

field::field(const field_layout& layout, std::pmr::memory_resource& memory)
    : layout_(layout), memory_(&memory),
      cells_(
          static_cast<double*>(memory.allocate(layout.bytes(), line_bytes))) {}

field::~field() {
  if (cells_)
    memory_->deallocate(cells_, layout_.bytes(), line_bytes);
}

field::field(field&& other) noexcept
    : layout_(other.layout_), memory_(other.memory_),
      cells_(std::exchange(other.cells_, nullptr)) {}

field& field::operator=(field&& other) noexcept {
  std::swap(layout_, other.layout_);
  std::swap(memory_, other.memory_);
  std::swap(cells_, other.cells_);
  return *this;
}

} // namespace weft::heat
