#pragma once

#include "runtime/base/result.hpp"
#include "runtime/http/socket_address.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace weft::http {

using addresses = std::vector<socket_address>;

/// Look-ups that may be under way in this process.
inline constexpr std::size_t lookups_max = 8;

/// Finds the addresses of a name. An IP address and "localhost" are known at
/// once: `done` runs before this returns. For others the system is asked, which
/// blocks for as long as it likes and cannot be stopped; so it happens on a
/// thread that nobody waits for, and `done` runs there. It must hold whatever
/// it needs. Fails with `unavailable` (no such name), and `exhausted` over
/// `lookups_max`.
void resolve(const std::string& host, std::uint16_t port,
             std::function<void(result<addresses>)> done);

} // namespace weft::http
