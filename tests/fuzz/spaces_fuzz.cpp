/// Fuzz target of what comes from outside into a tuple space: bytes and texts
/// of tuples and patterns, snapshots, and frames of sessions. Whatever is
/// accepted is within the limits and comes back the same from each encoding;
/// whatever a shard is called, it answers or refuses.

#include "runtime/base/assert.hpp"
#include "spaces/binary.hpp"
#include "spaces/session_binary.hpp"
#include "spaces/shard_core.hpp"
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

void check_calls(const call_frame& what) {
  const auto bytes = to_binary(what);
  WEFT_ASSERT(to_binary(*call_frame_from_binary(bytes)) == bytes);
  if (!what.items)
    return;
  shard_core shard{{}, 1};
  const time_point now{std::chrono::hours{1}};
  for (const auto& each : *what.items)
    static_cast<void>(
        shard.submit({1, each.user}, each.number, each.what, now));
  while (shard.next_reply()) {
  }
  shard.advance(now + timeout_max);
  shard.drop_session(1, now + timeout_max);
  const auto left = shard.statistics();
  WEFT_ASSERT(left.waiters + left.claims + left.watches == 0);
}

void check_replies(const reply_frame& what) {
  const auto bytes = to_binary(what);
  WEFT_ASSERT(to_binary(*reply_frame_from_binary(bytes)) == bytes);
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
  check(call_frame_from_binary(input), check_calls);
  check(reply_frame_from_binary(input), check_replies);
  return 0;
}
