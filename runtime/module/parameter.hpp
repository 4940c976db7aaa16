#pragma once

#include "config/problem.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weft {

/// Names one argument of an actor or a job, in the order of the function's
/// parameters, with the value that it has when the cluster file leaves it out:
///
///     module.actor("greeter", greeter, weft::parameter("greeting"),
///                  weft::parameter("depth", 3));
///
/// A default is written as in the file: a duration is "250ms".
class parameter {
public:
  explicit parameter(std::string name) : name_{std::move(name)} {}
  parameter(std::string name, nlohmann::json default_value)
      : name_{std::move(name)}, default_{std::move(default_value)} {}

  const std::string& name() const { return name_; }
  const std::optional<nlohmann::json>& default_value() const {
    return default_;
  }

private:
  std::string name_;
  std::optional<nlohmann::json> default_;
};

namespace modules {

/// What the registry knows about one parameter.
struct parameter_info {
  /// Empty for a parameter that can only be given by position.
  std::string name;
  /// Its type in words, e.g. "integer 0..255" or "list of text".
  std::string type;
  /// Absent: the argument must be given.
  std::optional<nlohmann::json> default_value;
};

/// Mistakes in arguments and where they stand.
using problems = std::vector<config::problem>;

} // namespace modules

} // namespace weft
