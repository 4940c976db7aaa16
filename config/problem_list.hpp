#pragma once

#include "config/problem.hpp"
#include "config/source_files.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace weft::config {

/// Collects the problems of one configuration, sorted by place. A mistake in
/// an entry that is replicated or aliased counts once.
class problem_list {
public:
  /// Further problems are counted, not kept.
  static constexpr std::size_t problems_max = 1000;

  void add(place where, std::string_view path, std::string message);

  bool empty() const noexcept { return problems_.empty(); }

  /// True when the value at `path` has a problem already, so that checks
  /// which would only follow from it can be left out.
  bool failed(std::string_view path) const { return failed_.contains(path); }

  /// Makes `failed` true for a value whose problem was reported elsewhere.
  void mark_failed(std::string_view path);

  /// "; did you mean \"listen\"?", or "" when nothing resembles `word`. Empty
  /// once many problems are known, which bounds the cost of a hopeless file.
  std::string suggestion(std::string_view word,
                         std::span<const std::string> candidates) const;

  /// All problems in the order of files, lines and columns.
  std::vector<problem> sorted(const source_files& files) const;

private:
  /// Place, path without list indices, message.
  using key = std::tuple<place, std::string, std::string>;

  std::map<key, std::string> problems_;
  std::set<std::string, std::less<>> failed_;
  std::size_t further_ = 0;
};

} // namespace weft::config
