#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft {

/// The length in bytes, 1 to 4, of the well-formed UTF-8 sequence that `text`
/// starts with (RFC 3629: no overlong form, no surrogate, at most U+10FFFF);
/// 0 if there is none.
std::size_t utf8_sequence_bytes(std::string_view text) noexcept;

/// True if the whole of `text` is well-formed UTF-8. Cost: linear.
bool is_utf8(std::string_view text) noexcept;

/// The longest prefix of at most `bytes_max` bytes that does not end inside a
/// UTF-8 sequence.
std::string_view utf8_prefix(std::string_view text,
                             std::size_t bytes_max) noexcept;

} // namespace weft
