#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace weft::transport {

/// How long to wait before attempt number `attempt` (from 1) when both nodes
/// dialed each other at once and each sent the other away. The node with the
/// lower name waits less, by more than a dial takes on a local network, so the
/// two do not meet again; both wait twice as long each time, for slow ones:
/// 4 ms or 32 ms at first, half a second at most.
std::chrono::milliseconds redial_delay(std::uint32_t attempt,
                                       std::string_view own,
                                       std::string_view peer);

} // namespace weft::transport
