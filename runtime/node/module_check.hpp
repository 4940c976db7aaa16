#pragma once

#include "config/options.hpp"
#include "config/problem.hpp"
#include "runtime/module/type_registry.hpp"

#include <memory>
#include <vector>

namespace weft {

/// The modules of a cluster file, loaded, and every mistake in what the file
/// says of them: modules that do not load, unknown types, arguments that do
/// not fit, each with its place in the file.
struct checked_modules {
  std::shared_ptr<const modules::type_registry> types;
  std::vector<config::problem> problems;
};

/// Loads the modules into this process, where they stay.
checked_modules load_and_check_modules(const config::cluster_options& options);

/// Only the mistakes; empty when all is well.
std::vector<config::problem>
check_modules(const config::cluster_options& options);

} // namespace weft
