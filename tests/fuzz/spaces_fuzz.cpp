/// Fuzz target of what comes from outside into a tuple space: bytes and texts
/// of tuples and patterns, and snapshots. Whatever is accepted is within the
/// limits and comes back the same from each encoding.

#include "runtime/base/assert.hpp"
#include "spaces/binary.hpp"
#include "spaces/space_core.hpp"
#include "spaces/text.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace weft::spaces;

void check_refusal(const weft::failure& what) {
  WEFT_ASSERT(what.code == weft::errc::invalid_argument);
  WEFT_ASSERT(!what.message.empty() && what.message.size() < 1000);
}

void check_tuple(const tuple& what) {
  WEFT_ASSERT(what.size() >= 1 && what.size() <= fields_max);
  WEFT_ASSERT(what.content_bytes() <= tuple_bytes_max);
  const auto bytes = to_binary(what);
  const auto again = tuple_from_binary(bytes);
  WEFT_ASSERT(again && *again == what && to_binary(*again) == bytes);
  const auto read = parse_tuple(to_text(what));
  WEFT_ASSERT(read && to_binary(*read) == bytes);
  WEFT_ASSERT(pattern::equal_to(what).matches(what));
}

void check_pattern(const pattern& what) {
  WEFT_ASSERT(what.size() <= fields_max);
  const auto bytes = to_binary(what);
  const auto again = pattern_from_binary(bytes);
  WEFT_ASSERT(again && to_binary(*again) == bytes);
  const auto read = parse_pattern(to_text(what));
  WEFT_ASSERT(read && to_binary(*read) == bytes);
}

void check_snapshot(std::string_view bytes) {
  space_core core{{}, 1};
  const auto restored = core.restore(bytes, time_point{});
  if (!restored)
    return check_refusal(restored.error());
  space_core again{{}, 2};
  const auto taken = core.snapshot(time_point{});
  WEFT_ASSERT(again.restore(taken, time_point{}));
  WEFT_ASSERT(again.snapshot(time_point{}) == taken);
}

template <class T>
void check(const weft::result<T>& read, void (*good)(const T&)) {
  if (read)
    good(*read);
  else
    check_refusal(read.error());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  check(tuple_from_binary(input), check_tuple);
  check(pattern_from_binary(input), check_pattern);
  check(parse_tuple(input), check_tuple);
  check(parse_pattern(input), check_pattern);
  check_snapshot(input);
  return 0;
}
