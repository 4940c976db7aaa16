#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace weft::spaces {

/// Gives each of some askers one of its candidates, no two the same: a maximum
/// matching by augmenting paths (Kuhn 1955), candidates in the order of the
/// asker's preference.
///
/// Cost: O(askers^2 x candidates of one).
class assignment {
public:
  /// `candidates[i]` are those of asker i.
  explicit assignment(std::vector<std::vector<std::size_t>> candidates);

  /// Everybody's candidate; nothing when somebody gets none.
  const std::optional<std::vector<std::size_t>>& outcome() const {
    return outcome_;
  }

  /// The askers one of whom needs another candidate before all can have one:
  /// together they have fewer candidates than they are (Hall 1935). Empty when
  /// everybody has one.
  const std::vector<std::size_t>& short_of() const { return short_of_; }

private:
  bool serve(std::size_t asker);

  std::vector<std::vector<std::size_t>> candidates_;
  /// Who has which candidate, by its index.
  std::vector<std::optional<std::size_t>> holder_;
  std::vector<bool> asked_;
  std::vector<std::size_t> short_of_;
  std::optional<std::vector<std::size_t>> outcome_;
};

} // namespace weft::spaces
