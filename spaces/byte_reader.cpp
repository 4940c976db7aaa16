#include "spaces/byte_reader.hpp"

#include <fmt/format.h>

#include <cstring>

namespace weft::spaces {

tl::unexpected<failure> byte_reader::wrong(std::string what) const {
  return fail(errc::invalid_argument,
              fmt::format("byte {}: {}", all_.size() - rest_.size(), what));
}

result<std::uint64_t> byte_reader::long_number() {
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

tl::unexpected<failure> byte_reader::too_large(std::uint64_t max,
                                               const char* what,
                                               std::uint64_t got) const {
  return wrong(fmt::format("expected at most {} {}, got {}", max, what, got));
}

tl::unexpected<failure> byte_reader::too_short(std::uint64_t wanted) const {
  return wrong(
      fmt::format("expected {} more bytes, got {}", wanted, rest_.size()));
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
