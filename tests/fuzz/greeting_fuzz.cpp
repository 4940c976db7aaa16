/// Fuzz target of what a stranger may send to a node's port before anything
/// else: the greeting. Whatever is accepted is within the limits and is, byte
/// by byte, what we would have sent.

#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"
#include "transport/core/greeting.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace {

using namespace weft::transport;
using bytes_view = std::span<const std::uint8_t>;

void check_refusal(const weft::failure& what) {
  WEFT_ASSERT(what.code == weft::errc::invalid_argument);
  WEFT_ASSERT(!what.message.empty() && what.message.size() < 300);
  // It ends up in logs.
  WEFT_ASSERT(std::ranges::all_of(what.message,
                                  [](char c) { return c >= ' ' && c <= '~'; }));
}

void check_body(const greeting_header& header, bytes_view body) {
  const auto read = decode_body(header, body);
  if (!read)
    return check_refusal(read.error());
  WEFT_ASSERT(weft::is_name(read->cluster) && weft::is_name(read->node));
  WEFT_ASSERT(read->answer == header.answer);
  const auto sent = encode(*read);
  WEFT_ASSERT(std::ranges::equal(
      bytes_view{sent}.subspan(greeting_header_bytes), body));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const bytes_view input{data, size};
  if (size <= greeting_body_bytes_max)
    check_body({verdict::welcome, size}, input);
  if (size < greeting_header_bytes)
    return 0;
  const auto header = decode_header(input.first<greeting_header_bytes>());
  if (!header) {
    check_refusal(header.error());
    return 0;
  }
  WEFT_ASSERT(header->answer <= verdict::busy);
  WEFT_ASSERT(header->body_bytes <= greeting_body_bytes_max);
  const auto rest = input.subspan(greeting_header_bytes);
  if (rest.size() >= header->body_bytes)
    check_body(*header, rest.first(header->body_bytes));
  return 0;
}
