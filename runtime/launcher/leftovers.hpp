#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace weft::launcher {

/// The environment variable that names the run directory in every process of
/// a cluster, which is how leftovers are told from strangers.
inline constexpr const char* run_dir_variable = "WEFT_RUN_DIR";

struct leftover {
  pid_t pid = 0;
  /// The command line, words separated by blanks.
  std::string command;
  /// It had to be killed.
  bool killed = false;
};

/// Ends every process of this user, other than this one, whose environment
/// says that it belongs to the run directory `root`: SIGTERM, and SIGKILL
/// after `grace`. Process numbers that were given to others meanwhile are
/// safe. Blocks for `grace` and a second at most. Cost: reads the environment
/// of every process.
std::vector<leftover> end_leftovers(const std::string& root,
                                    std::chrono::milliseconds grace);

} // namespace weft::launcher
