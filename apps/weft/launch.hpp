#pragma once

#include "apps/weft/cluster_file.hpp"
#include "config/options.hpp"
#include "runtime/launcher/launcher.hpp"

#include <string>

namespace weft::apps {

/// Launch options for a loaded cluster file, with certificates made in the run
/// directory when the file names none. `run_directory` may be empty.
result<launcher::launch_options>
launch_options_of(const config::cluster_options& cluster,
                  const cluster_file& file, const std::string& run_directory);

} // namespace weft::apps
