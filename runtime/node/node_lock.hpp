#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"
#include "runtime/launcher/run_paths.hpp"

#include <string>

namespace weft {

/// The right to be a node of a run directory, which one process has at a time.
/// Goes with the descriptor, however the process ends; the file stays. Fails
/// with `already_exists`, which names the process that has it, and with `io`.
result<unique_fd> lock_node(const launcher::run_paths& paths,
                            const std::string& node);

} // namespace weft
