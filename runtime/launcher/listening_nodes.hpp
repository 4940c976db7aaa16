#pragma once

#include "runtime/base/result.hpp"

#include <string>
#include <vector>

namespace weft::launcher {

/// The nodes of a run directory whose control sockets somebody listens on, in
/// order of their names, whether a launcher has started them or not; none when
/// there is no such directory. Fails with `permission_denied` when it is
/// closed to this user, and with `io`. Asks nothing and waits for nothing.
result<std::vector<std::string>> listening_nodes(const std::string& path);

} // namespace weft::launcher
