#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"

#include <string>

namespace weft {

/// Opens a file, made with mode 0600 if there is none, and locks it. The lock
/// goes with the descriptor, however the process ends, and can be tested
/// without being taken (an open-file-description lock); the file stays. Empty
/// when another has it. Never waits. Fails with `not_found` when the folder is
/// not there, else with `io`.
result<unique_fd> lock_file(const std::string& path);

/// Whether somebody holds the lock of a file; false when there is no file.
bool is_locked(const std::string& path);

} // namespace weft
