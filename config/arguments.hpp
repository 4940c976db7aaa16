#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace weft::config {

/// A place in a cluster file; lines and columns count from 1, 0 is unknown.
struct location {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const location&, const location&) = default;
};

/// "cluster.yaml:12:5", or "" when the file is unknown.
std::string to_string(const location& where);

/// Arguments for an actor or a job as they stand in the file: an object (by
/// name), an array (by position) or null (none), with the place of each value
/// for messages about it.
struct arguments {
  nlohmann::json value;
  /// JSON pointer ("/depth", "/0/x") to place; "" is the whole.
  std::map<std::string, location> places;
  /// Path of the whole in the file, for messages: "actors[2].args".
  std::string path;

  /// Equality is about the values, not where they stand.
  friend bool operator==(const arguments& a, const arguments& b) {
    return a.value == b.value;
  }
};

} // namespace weft::config
