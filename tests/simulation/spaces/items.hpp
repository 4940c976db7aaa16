#pragma once

#include "spaces/pattern.hpp"
#include "tests/support/checkers/history.hpp"

#include <optional>
#include <vector>

namespace weft::spaces::simulation {

/// Fields (key, kind, number): the key decides about the shard, the number is
/// no other tuple's.
struct item {
  std::uint64_t key = 0;
  std::uint64_t kind = 0;
  std::uint64_t number = 0;

  tuple whole() const {
    return tuple_of(static_cast<std::int64_t>(key),
                    static_cast<std::int64_t>(kind),
                    static_cast<std::int64_t>(number));
  }
  /// As the checkers see it.
  std::uint64_t fields() const { return key | kind << 8 | number << 16; }
  checkers::pattern alone() const { return {~std::uint64_t{0}, fields()}; }
};

inline item item_of(const tuple& what) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint64_t>(what[i].as_i64());
  };
  return {at(0), at(1), at(2)};
}

/// What is asked for: a key or any, a kind or any.
struct question {
  std::optional<std::uint64_t> key;
  std::optional<std::uint64_t> kind;

  pattern whole() const {
    std::vector<pattern_piece> pieces;
    for (const auto& each : {key, kind})
      if (each)
        pieces.emplace_back(static_cast<std::int64_t>(*each));
      else
        pieces.emplace_back(match::any{});
    pieces.emplace_back(match::any{});
    return *make_pattern(pieces, false);
  }
  checkers::pattern fields() const {
    return {(key ? 0xffU : 0U) | (kind ? 0xff00U : 0U),
            key.value_or(0) | kind.value_or(0) << 8};
  }
};

} // namespace weft::spaces::simulation
