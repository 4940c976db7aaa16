#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace weft::spaces {

/// Reads numbers and texts from bytes that may be anything. Every call fails
/// with `invalid_argument` and the number of the byte when they do not go on
/// as expected.
class byte_reader {
public:
  explicit byte_reader(std::string_view from) : all_{from}, rest_{from} {}

  std::size_t left() const { return rest_.size(); }
  std::string_view rest() const { return rest_; }

  result<std::uint8_t> byte() {
    if (rest_.empty())
      return wrong("expected more, got the end");
    const auto read = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return read;
  }
  /// LEB128 in its shortest form.
  result<std::uint64_t> number() {
    if (rest_.empty() || static_cast<std::uint8_t>(rest_[0]) >= 0x80)
      return long_number();
    const auto read = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return read;
  }
  /// A LEB128 of at most `max`; `what` names it in the message.
  result<std::uint64_t> number_up_to(std::uint64_t max, const char* what) {
    auto read = number();
    if (read && *read > max)
      return too_large(max, what, *read);
    return read;
  }
  result<std::int64_t> signed_number() {
    const auto read = number();
    if (!read)
      return tl::unexpected(read.error());
    return static_cast<std::int64_t>((*read >> 1) ^ (~(*read & 1) + 1));
  }
  result<std::uint64_t> eight_bytes() {
    const auto read = bytes(8);
    if (!read)
      return tl::unexpected(read.error());
    std::uint64_t bits;
    std::memcpy(&bits, read->data(), 8);
    return bits;
  }
  /// The next `count` bytes, which stay where they are.
  result<std::string_view> bytes(std::uint64_t count) {
    if (count > rest_.size())
      return too_short(count);
    const auto read = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return read;
  }

  /// "byte 7: ", then the text.
  tl::unexpected<failure> wrong(std::string what) const;

private:
  result<std::uint64_t> long_number();
  tl::unexpected<failure> too_large(std::uint64_t max, const char* what,
                                    std::uint64_t got) const;
  tl::unexpected<failure> too_short(std::uint64_t wanted) const;

  std::string_view all_;
  std::string_view rest_;
};

/// What `byte_reader` reads.
inline void append_number(std::string& to, std::uint64_t number) {
  while (number >= 0x80) {
    to += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  to += static_cast<char>(number);
}
void append_signed(std::string& to, std::int64_t number);
void append_eight_bytes(std::string& to, std::uint64_t bits);

} // namespace weft::spaces
