#include "runtime/base/utf8.hpp"

#include <cstdint>

namespace weft {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

bool is_continuation(std::uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

} // namespace

std::size_t utf8_sequence_bytes(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto first = byte_at(text, 0);
  if (first < 0x80)
    return 1;
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(byte_at(text, i)))
      return 0;
  // The second byte decides about overlong forms, surrogates and the end of
  // the code space (RFC 3629, section 4).
  const auto second = byte_at(text, 1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
      || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto length = utf8_sequence_bytes(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text,
                             std::size_t bytes_max) noexcept {
  if (text.size() <= bytes_max)
    return text;
  auto end = bytes_max;
  for (int i = 0; i < 3 && end > 0 && is_continuation(byte_at(text, end)); ++i)
    --end;
  // Four continuation bytes in a row are no UTF-8: cut anywhere.
  return text.substr(0, is_continuation(byte_at(text, end)) ? bytes_max : end);
}

} // namespace weft
