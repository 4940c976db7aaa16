#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weft::config {

/// What keeps bytes from being the text of a YAML file.
struct text_fault {
  /// Of the first offending byte, from 0.
  std::size_t offset = 0;
  /// What was found, "byte 0x00".
  std::string found;
};

/// The first byte that is not UTF-8 (RFC 3629), or a control character other
/// than tab, line feed and carriage return. Cost: linear.
std::optional<text_fault> find_text_fault(std::string_view bytes);

} // namespace weft::config
