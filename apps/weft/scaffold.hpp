#pragma once

#include "runtime/base/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace weft::apps {

/// The files of a new project by their path below its folder: a module with an
/// actor and a job, its test, a cluster of two nodes, CMake and a README with
/// the commands. Pure. Fails with `invalid_argument` for a name that cannot
/// be a module's and a CMake target's: 1 to 40 of [a-z0-9_], first a letter.
result<std::map<std::string, std::string>> scaffold(std::string_view name);

/// Writes the project into the new folder `parent/name` and returns that.
/// Fails with `already_exists` when there is one and with `io`; what was
/// written until then stays.
result<std::filesystem::path>
write_scaffold(const std::filesystem::path& parent, std::string_view name);

} // namespace weft::apps
