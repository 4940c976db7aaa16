#pragma once

#include "config/located_yaml.hpp"
#include "config/options.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::config {

/// What the checks over several keys share: where the value of a path stands,
/// reports there, and the nodes by name. The base of their classes; what it
/// is made from outlives it.
class cross_check {
public:
  /// `root` is the tree that the options were bound from.
  cross_check(const cluster_options& options, const yaml_node& root,
              const source_files& files, problem_list& problems);

protected:
  using places_by_name = std::map<std::string, std::string>;

  void add(const std::string& path, std::string message);

  /// Reports a contradiction at `path`, or at `other` if only that one is in
  /// the file.
  void add_pair(const std::string& path, const std::string& other,
                std::string message);

  /// Reports a name that is known already, and remembers it otherwise.
  void check_unique(places_by_name& known, const std::string& name,
                    const std::string& path, std::string_view what);

  /// False, and reported, if no node has the name; false for all names if
  /// the list of nodes itself is wrong.
  bool check_node(const std::string& name, const std::string& path);

  /// The number of the first node with a name that `check_node` let pass.
  std::size_t number_of(const std::string& node) const;

  /// The paths of the first `count` values of a list that have no problem:
  /// of those that a list's member holds.
  std::vector<std::string> item_paths(const std::string& list,
                                      std::size_t count) const;

  bool failed(const std::string& path) const { return problems_.failed(path); }
  bool has(std::string_view path) const { return walk(path).second; }
  place place_of(std::string_view path) const { return walk(path).first; }

  const cluster_options& options_;
  problem_list& problems_;

private:
  /// The place of the deepest value on a path that the file has, and whether
  /// that is the whole path. The path's keys have no dots.
  std::pair<place, bool> walk(std::string_view path) const;

  const yaml_node& root_;
  const source_files& files_;
  std::vector<std::string> node_names_;
  std::map<std::string, std::size_t> nodes_by_name_;
};

} // namespace weft::config
