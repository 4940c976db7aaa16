#include "spaces/byte_reader.hpp"

#include <fmt/format.h>

#include <cstring>

namespace weft::spaces {

tl::unexpected<failure> byte_reader::wrong(std::string what) const {
  return fail(errc::invalid_argument,
              fmt::format("byte {}: {}", all_.size() - rest_.size(), what));
}

result<std::uint8_t> byte_reader::byte() {
  if (rest_.empty())
    return wrong("expected more, got the end");
  const auto read = static_cast<std::uint8_t>(rest_[0]);
  rest_.remove_prefix(1);
  return read;
}

result<std::uint64_t> byte_reader::number() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto next = byte();
    if (!next)
      return tl::unexpected(next.error());
    const std::uint64_t bits = *next & 0x7FU;
    const bool last = (*next & 0x80U) == 0;
    if ((shift == 63 && bits > 1) || (last && bits == 0 && shift > 0))
      break;
    value |= bits << shift;
    if (last)
      return value;
  }
  return wrong("expected a number in its shortest form, got another");
}

result<std::uint64_t> byte_reader::number_up_to(std::uint64_t max,
                                                const char* what) {
  auto read = number();
  if (read && *read > max)
    return wrong(
        fmt::format("expected at most {} {}, got {}", max, what, *read));
  return read;
}

result<std::int64_t> byte_reader::signed_number() {
  const auto read = number();
  if (!read)
    return tl::unexpected(read.error());
  return static_cast<std::int64_t>((*read >> 1) ^ (~(*read & 1) + 1));
}

result<std::uint64_t> byte_reader::eight_bytes() {
  const auto read = bytes(8);
  if (!read)
    return tl::unexpected(read.error());
  std::uint64_t bits;
  std::memcpy(&bits, read->data(), 8);
  return bits;
}

result<std::string_view> byte_reader::bytes(std::uint64_t count) {
  if (count > rest_.size())
    return wrong(
        fmt::format("expected {} more bytes, got {}", count, rest_.size()));
  const auto read = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return read;
}

void append_number(std::string& to, std::uint64_t number) {
  while (number >= 0x80) {
    to += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  to += static_cast<char>(number);
}

void append_signed(std::string& to, std::int64_t number) {
  append_number(to, (static_cast<std::uint64_t>(number) << 1)
                        ^ static_cast<std::uint64_t>(number >> 63));
}

void append_eight_bytes(std::string& to, std::uint64_t bits) {
  char raw[8];
  std::memcpy(raw, &bits, 8);
  to.append(raw, 8);
}

} // namespace weft::spaces
