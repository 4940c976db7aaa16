#pragma once

#include "config/located_yaml.hpp"
#include "config/variables.hpp"
#include "runtime/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weft::config {

/// Reads a whole file of at most `limits::file_bytes_max` bytes.
using file_reader = std::function<result<std::string>(const std::string& path)>;

/// Parses files, substitutes their variables and puts included files under
/// those that include them.
class inclusion {
public:
  /// Files that may include each other in a chain.
  static constexpr std::size_t depth_max = 16;
  /// Files of one configuration.
  static constexpr std::size_t files_max = 100;

  struct context {
    const file_reader& read;
    const environment_lookup& environment;
    /// Absolute folder to which the names of files are relative.
    std::string folder;
    source_files& files;
    yaml_usage& usage;
    problem_list& problems;
  };

  explicit inclusion(const context& with) : with_(with) {}

  /// The tree of a file and all that it includes; always a map. Absent when
  /// the file itself is no map of keys; every problem is reported.
  std::optional<yaml_node> parse(const std::string& text,
                                 const std::string& name);

private:
  std::optional<yaml_node> read(const std::string& name, const yaml_node& from,
                                const std::string& path);
  void include(yaml_node& under, const yaml_node& from,
               const std::string& including, const std::string& path);

  context with_;
  std::vector<std::string> open_;
};

/// Puts the entries of `over` into the map `under`: maps merge, lists are
/// joined with those of `under` first, anything else of `over` replaces.
void merge(yaml_node& under, yaml_node over);

} // namespace weft::config
