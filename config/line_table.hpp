#pragma once

#include "config/source_files.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace weft::config {

/// Finds the place of a byte in a text. Places are asked for mostly in rising
/// order, which costs time in proportion to the text once, even if it is all
/// one line.
class line_table {
public:
  /// `text` must outlive the table.
  line_table(std::string_view text, std::uint32_t file);

  /// Of a byte offset; one past the end is allowed.
  place at(std::size_t offset);

  /// Of a line and a byte within it, both from 0 as yaml-cpp counts; what is
  /// outside the text moves to its nearest place.
  place at(int line, int byte);

  /// False if a quote stands at this place and is not closed up to the end of
  /// the text, which yaml-cpp lets pass. Cost: linear in what is quoted.
  bool quote_is_closed(int line, int byte) const;

  /// The text of a line, from 1, without its end.
  std::string_view line(std::uint32_t number) const;

private:
  std::string_view text_;
  std::uint32_t file_;
  std::vector<std::size_t> starts_;
  std::size_t last_line_ = 0;
  std::size_t last_byte_ = 0;
  std::uint32_t last_column_ = 0;
};

} // namespace weft::config
