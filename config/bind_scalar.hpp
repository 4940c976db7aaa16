#pragma once

#include "config/located_yaml.hpp"
#include "config/schema.hpp"
#include "config/source_files.hpp"

#include <optional>
#include <string>

namespace weft::config {

/// A scalar on its way into a member.
struct scalar_input {
  const row& key;
  const yaml_node& value;
  /// The last part of its path, for members that are maps.
  std::string_view last_key;
  /// Where the value stands, and to which folder its paths are relative.
  const source_files& files;
};

/// Parses a scalar by its row's type and sets the member. On success nothing
/// is returned, otherwise "expected X" for a message, and the member stays as
/// it was.
std::optional<std::string> bind_scalar(const scalar_input& input, field member);

} // namespace weft::config
