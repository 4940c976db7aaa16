#pragma once

#include "config/located_yaml.hpp"
#include "config/schema.hpp"

#include <optional>
#include <string>

namespace weft::config {

/// A scalar on its way into a member.
struct scalar_input {
  const row& key;
  const yaml_node& value;
  /// The last part of its path, for members that are maps.
  std::string_view last_key;
  /// Folder to which its file's paths are relative.
  const std::string& folder;
};

/// Parses a scalar by its row's type and sets the member. On success nothing
/// is returned, otherwise "expected X" for a message, and the member stays as
/// it was.
std::optional<std::string> bind_scalar(const scalar_input& input, field member);

} // namespace weft::config
