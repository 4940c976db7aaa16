#include "config/text_check.hpp"

#include "runtime/base/utf8.hpp"

#include <fmt/format.h>

namespace weft::config {

std::optional<text_fault> find_text_fault(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const bool blank = byte == '\t' || byte == '\n' || byte == '\r';
    const auto length = utf8_sequence_bytes(bytes.substr(i));
    if (length == 0)
      return text_fault{i, fmt::format("invalid UTF-8 byte 0x{:02x}", byte)};
    if ((byte < 0x20 && !blank) || byte == 0x7F)
      return text_fault{i, fmt::format("control byte 0x{:02x}", byte)};
    i += length;
  }
  return std::nullopt;
}

} // namespace weft::config
