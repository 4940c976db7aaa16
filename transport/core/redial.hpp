#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace weft::transport {

/// How long to wait before attempt number `attempt` + 1 when both nodes dialed
/// each other at once and ours made way. The node with the lower name, whose
/// connection is preferred, waits less; both wait twice as long each time:
/// 4 ms or 32 ms at first, half a second at most. `attempt` counts from 1.
std::chrono::milliseconds redial_delay(std::uint32_t attempt,
                                       std::string_view own,
                                       std::string_view peer);

} // namespace weft::transport
