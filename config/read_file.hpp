#pragma once

#include "runtime/base/result.hpp"

#include <string>

namespace weft::config {

/// Reads a regular file of at most `limits::file_bytes_max` bytes; the size
/// is looked at before anything is read. Fails with `errc::not_found`,
/// `errc::exhausted` (too large) or `errc::io`; the message names the file.
/// Opening does not wait, whatever the path leads to.
result<std::string> read_file(const std::string& path);

} // namespace weft::config
