#pragma once

#include "config/arguments.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weft::config {

/// One mistake in a cluster file. The message is "expected X, got Y", with a
/// suggestion where there is one.
struct problem {
  location where;
  /// The key in the file, "nodes[0].listen"; empty for the file as a whole.
  std::string path;
  std::string message;

  friend bool operator==(const problem&, const problem&) = default;
};

/// "cluster.yaml:12:5: nodes[0].listen: expected host:port, got \"7001\"".
std::string to_string(const problem& what);
/// One a line.
std::string to_string(const std::vector<problem>& what);

/// `text` in double quotes for a message: control characters escaped, cut
/// after 60 bytes (at a character's end) with "...".
std::string quote(std::string_view text);

/// Path of a key or of a list's item below `path`; a key that is unlike any
/// of weft's is quoted and cut as `quote` does, so that paths stay short.
std::string join_path(std::string_view path, std::string_view key);
std::string join_path(std::string_view path, std::size_t index);

} // namespace weft::config
