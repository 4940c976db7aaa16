#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace weft {

/// The number of a node's new process: greater than that of every former one,
/// so that peers can tell a successor from a ghost. Milliseconds since 1970,
/// or one more than what `file` remembers when the clock was set back; the
/// number is remembered in `file`. Fails with `io`.
result<std::uint64_t>
next_incarnation(const std::string& file,
                 std::chrono::system_clock::time_point now);

} // namespace weft
