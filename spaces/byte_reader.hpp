#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
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

  result<std::uint8_t> byte();
  /// LEB128 in its shortest form.
  result<std::uint64_t> number();
  /// A LEB128 of at most `max`; `what` names it in the message.
  result<std::uint64_t> number_up_to(std::uint64_t max, const char* what);
  result<std::int64_t> signed_number();
  result<std::uint64_t> eight_bytes();
  /// The next `count` bytes, which stay where they are.
  result<std::string_view> bytes(std::uint64_t count);

  /// "byte 7: ", then the text.
  tl::unexpected<failure> wrong(std::string what) const;

private:
  std::string_view all_;
  std::string_view rest_;
};

/// What `byte_reader` reads.
void append_number(std::string& to, std::uint64_t number);
void append_signed(std::string& to, std::int64_t number);
void append_eight_bytes(std::string& to, std::uint64_t bits);

} // namespace weft::spaces
