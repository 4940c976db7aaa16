#include "apps/heat/output/array_file.hpp"

#include "apps/heat/output/file_writer.hpp"
#include "apps/heat/output/png_file.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <iterator>
#include <utility>

namespace weft::heat {

static_assert(std::endian::native == std::endian::little,
              "cells are written as they lie in memory");

namespace {

class npy_file : public row_sink {
public:
  npy_file(file_writer file, const grid_shape& shape)
      : file_{std::move(file)}, header_{header_of(shape)} {}

  result<void> add(std::span<const double> row) override {
    if (!header_.empty()) {
      const auto header = std::exchange(header_, {});
      if (auto written = file_.write(header.data(), header.size()); !written)
        return written;
    }
    return file_.write(row.data(), row.size_bytes());
  }

  result<void> finish() override { return file_.commit(); }

private:
  /// Magic, version, length, and a Python dictionary that ends with a line
  /// break at a multiple of 64 bytes.
  static std::string header_of(const grid_shape& shape) {
    auto text = fmt::format(
        "{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}",
        shape.rows, shape.columns);
    constexpr std::size_t before = 10;
    const auto total = (before + text.size() + 1 + 63) / 64 * 64;
    text.resize(total - before - 1, ' ');
    text += '\n';
    const auto length = static_cast<std::uint16_t>(text.size());
    std::string header{"\x93NUMPY\x01\x00", 8};
    header += static_cast<char>(length & 0xff);
    header += static_cast<char>(length >> 8);
    return header + text;
  }

  file_writer file_;
  std::string header_;
};

class csv_file : public row_sink {
public:
  explicit csv_file(file_writer file) : file_{std::move(file)} {}

  result<void> add(std::span<const double> row) override {
    line_.clear();
    for (const auto value : row)
      fmt::format_to(std::back_inserter(line_), "{},", value);
    line_.back() = '\n';
    return file_.write(line_.data(), line_.size());
  }

  result<void> finish() override { return file_.commit(); }

private:
  file_writer file_;
  std::string line_;
};

} // namespace

result<array_format> format_of(const std::string& path) {
  if (path.ends_with(".npy"))
    return array_format::npy;
  if (path.ends_with(".csv"))
    return array_format::csv;
  if (path.ends_with(".png"))
    return array_format::png;
  return fail(errc::invalid_argument,
              fmt::format("output \"{}\": expected a name that ends with .npy, "
                          ".csv or .png",
                          path));
}

result<std::unique_ptr<row_sink>>
open_array_file(const std::string& path, const grid_shape& shape,
                const temperature_range& range) {
  const auto format = format_of(path);
  if (!format)
    return tl::unexpected(format.error());
  if (*format == array_format::png)
    return open_png_file(path, shape, range);
  auto file = file_writer::open(path);
  if (!file)
    return pass_on(file);
  if (*format == array_format::npy)
    return std::make_unique<npy_file>(*std::move(file), shape);
  return std::make_unique<csv_file>(*std::move(file));
}

} // namespace weft::heat
