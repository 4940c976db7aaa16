#pragma once

#include "config/options.hpp"
#include "runtime/observe/log.hpp"

#include <string>

namespace weft {

observe::log_level log_level_of(config::log_level level);

/// The log of a node's process as the cluster file wants it: on standard error,
/// which the launcher (or systemd) brings to a file, and to one of its own if
/// that is wanted.
observe::log_settings log_settings_of(const config::log_options& options,
                                      const std::string& node);

} // namespace weft
