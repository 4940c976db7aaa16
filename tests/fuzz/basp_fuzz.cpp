/// Fuzz target of what a member of the cluster may send to CAF: in whatever
/// cuts the bytes come, the same passes, in whole messages, each of them one
/// that speaks for the peer.

#include "runtime/base/assert.hpp"
#include "tests/unit/transport/core/basp_bytes.hpp"
#include "transport/core/basp_guard.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

using namespace weft::transport;
using bytes_view = std::span<const std::uint8_t>;

const auto own = weft::test::node_number(1);
const auto peer = weft::test::node_number(2);

struct outcome {
  std::vector<std::uint8_t> through;
  bool refused = false;

  friend bool operator==(const outcome&, const outcome&) = default;
};

/// Feeds the guard at most `most` bytes at a time.
outcome run(bytes_view input, std::size_t most, bool dialed) {
  basp_guard guard{basp_judge{{own, host_of(peer), dialed}}, {1, 2, 3}};
  outcome result;
  std::vector<std::uint8_t> some(most);
  const auto pass = [&](bytes_view bytes) {
    result.through.insert(result.through.end(), bytes.begin(), bytes.end());
  };
  while (!input.empty() && !guard.refused()) {
    auto count = std::min({input.size(), most, guard.passing()});
    if (count > 0) {
      pass(input.first(count));
      guard.passed(count);
    } else {
      const auto room = guard.room();
      count = std::min({input.size(), most, room.size()});
      std::ranges::copy(input.first(count), room.begin());
      guard.received(count);
    }
    input = input.subspan(count);
    while (const auto taken = guard.take(some))
      pass(bytes_view{some}.first(taken));
  }
  result.refused = guard.refused().has_value();
  return result;
}

void check_message(const basp_header& header, bytes_view payload) {
  switch (header.operation) {
  case basp_operation::routed_message:
    WEFT_ASSERT(header.source_actor == header.destination_actor);
    break;
  case basp_operation::down_message:
    WEFT_ASSERT(node_at(payload, 32) == own);
    break;
  case basp_operation::server_handshake:
  case basp_operation::client_handshake:
    WEFT_ASSERT(host_of(node_at(payload, 0)) == host_of(peer));
    break;
  default:
    break;
  }
}

void check_messages(bytes_view through) {
  while (through.size() >= basp_header_bytes) {
    const auto header = decode_basp_header(through.first<basp_header_bytes>());
    WEFT_ASSERT(header && header->payload_bytes <= basp_payload_bytes_max);
    through = through.subspan(basp_header_bytes);
    const auto size =
        std::min<std::size_t>(through.size(), header->payload_bytes);
    check_message(*header, through.first(size));
    through = through.subspan(size);
  }
}

std::vector<std::uint8_t> introduced(bytes_view input) {
  std::vector<std::uint8_t> all{1, 0, 0, 0, 0, 0, 0, 32};
  all.resize(basp_header_bytes);
  all.insert(all.end(), peer.begin(), peer.end());
  all.insert(all.end(), input.begin(), input.end());
  return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const bytes_view input{data, size};
  for (const bool dialed : {false, true}) {
    const auto whole = run(input, basp_guard::buffer_bytes, dialed);
    check_messages(whole.through);
    WEFT_ASSERT(run(input, 7, dialed) == whole);
  }
  const auto after = introduced(input);
  const auto whole = run(after, basp_guard::buffer_bytes, false);
  check_messages(whole.through);
  WEFT_ASSERT(run(after, 1, false) == whole);
  return 0;
}
