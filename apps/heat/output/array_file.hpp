#pragma once

#include "apps/heat/core/boundary.hpp"
#include "apps/heat/output/colours.hpp"
#include "apps/heat/output/row_sink.hpp"
#include "runtime/base/result.hpp"

#include <memory>
#include <string>

namespace weft::heat {

/// What can be written, by the ending of a file's name.
enum class array_format : unsigned char {
  /// NumPy's own format, version 1.0: little-endian doubles, row-major.
  npy,
  /// A line a row, numbers that read back as the same doubles.
  csv,
  /// A picture, eight bits a colour; a small array has several pixels a cell.
  png,
};

/// Fails with `invalid_argument` for another ending.
result<array_format> format_of(const std::string& path);

/// Begins to write an array. The file appears under its name with `finish`,
/// in place of one that was there. Fails with `invalid_argument` for another
/// ending, or when it has more pixels than a PNG can; with `io`, then and
/// later, when the system refuses.
result<std::unique_ptr<row_sink>>
open_array_file(const std::string& path, const grid_shape& shape,
                const temperature_range& range);

} // namespace weft::heat
