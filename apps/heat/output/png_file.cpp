#include "apps/heat/output/png_file.hpp"

#include "apps/heat/output/file_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <png.h>
#include <utility>
#include <vector>

namespace weft::heat {

namespace {

/// A small array is drawn about so large, each cell as a square.
constexpr index pixels_wanted = 512;

/// libpng reports errors by this function, which must not return; exceptions
/// would pass through C.
void keep_error(png_structp png, png_const_charp text) {
  if (auto* kept = static_cast<std::string*>(png_get_error_ptr(png)))
    *kept = text;
  png_longjmp(png, 1);
}

void ignore_warning(png_structp, png_const_charp) {}

class png_file : public row_sink {
public:
  png_file(file_writer file, const grid_shape& shape,
           const temperature_range& range)
      : file_{std::move(file)}, range_{range},
        scale_{std::max<index>(1, pixels_wanted
                                      / std::max(shape.rows, shape.columns))},
        png_{png_create_write_struct(PNG_LIBPNG_VER_STRING, &error_, keep_error,
                                     ignore_warning)},
        info_{png_ ? png_create_info_struct(png_) : nullptr},
        pixels_(static_cast<std::size_t>(shape.columns * scale_) * 3) {
    width_ = static_cast<png_uint_32>(shape.columns * scale_);
    height_ = static_cast<png_uint_32>(shape.rows * scale_);
  }

  ~png_file() override { png_destroy_write_struct(&png_, &info_); }

  result<void> add(std::span<const double> row) override {
    auto* next = pixels_.data();
    for (const auto value : row) {
      const auto colour = colour_of(range_.share(value));
      for (index copy = 0; copy < scale_; ++copy) {
        *next++ = colour.red;
        *next++ = colour.green;
        *next++ = colour.blue;
      }
    }
    const bool first = std::exchange(untouched_, false);
    return outcome_of(write_row(first));
  }

  result<void> finish() override {
    if (auto ended = outcome_of(write_end()); !ended)
      return ended;
    return file_.commit();
  }

private:
  // In these two no object may need a destructor: libpng jumps out of them.

  bool write_row(bool first) {
    if (!png_ || !info_ || setjmp(png_jmpbuf(png_)) != 0)
      return false;
    if (first) {
      png_init_io(png_, file_.stream());
      png_set_IHDR(png_, info_, width_, height_, 8, PNG_COLOR_TYPE_RGB,
                   PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                   PNG_FILTER_TYPE_DEFAULT);
      png_write_info(png_, info_);
    }
    for (index copy = 0; copy < scale_; ++copy)
      png_write_row(png_, pixels_.data());
    return true;
  }

  bool write_end() {
    if (!png_ || !info_ || setjmp(png_jmpbuf(png_)) != 0)
      return false;
    png_write_end(png_, nullptr);
    return true;
  }

  result<void> outcome_of(bool good) const {
    if (good)
      return {};
    return fail(errc::io,
                fmt::format("{}: libpng: {}", file_.path(),
                            error_.empty() ? "out of memory" : error_));
  }

  file_writer file_;
  temperature_range range_;
  index scale_;
  std::string error_;
  png_structp png_;
  png_infop info_;
  std::vector<png_byte> pixels_;
  png_uint_32 width_ = 0;
  png_uint_32 height_ = 0;
  bool untouched_ = true;
};

} // namespace

result<std::unique_ptr<row_sink>>
open_png_file(const std::string& path, const grid_shape& shape,
              const temperature_range& range) {
  if (std::max(shape.rows, shape.columns) > png_pixels_max)
    return fail(errc::invalid_argument,
                fmt::format("{}: a picture has at most {} x {} pixels, the "
                            "array has {} x {} cells; write .npy",
                            path, png_pixels_max, png_pixels_max, shape.rows,
                            shape.columns));
  auto file = file_writer::open(path);
  if (!file)
    return pass_on(file);
  return std::make_unique<png_file>(*std::move(file), shape, range);
}

} // namespace weft::heat
