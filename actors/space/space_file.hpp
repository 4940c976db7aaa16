#pragma once

#include "runtime/base/result.hpp"
#include "spaces/snapshot_file.hpp"

#include <string>

namespace weft::actors {

/// Reads the file from its beginning. Fails with `not_found`,
/// `permission_denied` or `io`.
result<spaces::snapshot_reader> open_snapshot(const std::string& path);

} // namespace weft::actors
