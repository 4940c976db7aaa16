#pragma once

#include "runtime/supervision/messages.hpp"

#include <string>
#include <vector>

namespace weft::supervision {

/// What a supervisor still waits for.
struct unfinished_start {
  /// "n2/hello/greeter-3"
  std::string path;
  /// `starting`, `restarting` or `unresponsive`.
  child_state state = child_state::starting;
  /// Why it ended last, or did not start.
  std::string last_reason;

  friend bool operator==(const unfinished_start&,
                         const unfinished_start&) = default;
};

/// What keeps the root of a tree from being started, in the order of the tree:
/// children that are being started, or wait for their next start, and
/// supervisors that do not answer. Of a supervisor it is what is below it, if
/// there is something.
std::vector<unfinished_start> unfinished_starts(const tree_node& root);

/// "n2/hello/a is starting, n2/hello/b is restarting (it threw: no fuel)": at
/// most the first `named_max` of them, and how many more.
std::string to_string(const std::vector<unfinished_start>& all,
                      std::size_t named_max = 5);

} // namespace weft::supervision
