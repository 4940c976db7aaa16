#pragma once

#include "config/located_yaml.hpp"

#include <span>
#include <string>
#include <vector>

namespace weft::config {

/// "path=value" from the command line.
struct override_text {
  std::string path;
  std::string value;

  /// Changes the number of entries, so it comes before `replicate` is obeyed.
  bool changes_replication() const { return path.ends_with(".replicate"); }
};

/// Splits "path=value"; what has no "=" or no path is reported at `where`.
std::vector<override_text> parse_overrides(std::span<const std::string> texts,
                                           place where, problem_list& problems);

/// Sets the value at an override's path: `log.level`, `nodes[0].listen` by
/// index, `nodes.n2.listen` by name. Sections that are missing are made; list
/// items are not. The value is a plain scalar unless it is enclosed in [...],
/// {...} or double quotes, which make it YAML. What is wrong is reported at
/// `where`, as are values later.
void apply_override(yaml_node& root, const override_text& what, place where,
                    yaml_usage& usage, problem_list& problems);

} // namespace weft::config
