#pragma once

#include "apps/heat/core/boundary.hpp"
#include "apps/heat/output/colours.hpp"
#include "apps/heat/output/row_sink.hpp"
#include "runtime/base/result.hpp"

#include <memory>
#include <string>

namespace weft::heat {

/// The longest side of a picture in pixels, which is libpng's own limit.
inline constexpr index png_pixels_max = 1'000'000;

/// As `open_array_file` for a picture, by libpng.
result<std::unique_ptr<row_sink>> open_png_file(const std::string& path,
                                                const grid_shape& shape,
                                                const temperature_range& range);

} // namespace weft::heat
