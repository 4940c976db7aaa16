#pragma once

#include "spaces/calls.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace weft::spaces {

/// How the routing fields decide about the shard.
enum class routing_rule : std::uint8_t {
  /// By their hash.
  hash,
  /// The one routing field, an i64, modulo the shards: who writes a tuple says
  /// where it goes. Tuples without it are spread by hash.
  number,
};

/// Which shard of a space has what: decided by the routing fields, positions
/// of fields. The same on every node and in every version. Immutable.
class routing {
public:
  /// `shards` is at least 1; `fields` are positions, not empty, and one for
  /// the rule `number`.
  routing(std::size_t shards, std::vector<std::size_t> fields,
          routing_rule rule = routing_rule::hash);

  std::size_t shards() const { return shards_; }

  /// A routing field that the tuple does not have counts as absent.
  std::size_t shard_for(const tuple& what) const;

  /// The one shard where all tuples that match are; nothing if they may be
  /// anywhere.
  std::optional<std::size_t> shard_for(const pattern& what) const;

  /// Of a barrier or a reduction.
  std::size_t shard_for(std::string_view name) const;

  /// The one shard that the call is for; nothing if it is for all. `at` is the
  /// shard of what the call names by id or claim. Fails with `unsupported`
  /// when one step would have to be taken in several shards at once, and with
  /// `invalid_argument` without an `at` that is needed or that exists. Not for
  /// `stop` and `fetch`, which go where the call went that they are about.
  result<std::optional<std::size_t>>
  target_of(const any_call& what, std::optional<std::size_t> at) const;

private:
  class targeting;

  /// Of the fields that `of` gives, which are all routing fields.
  std::size_t shard_by(const block& of) const;

  std::size_t shards_;
  std::vector<std::size_t> fields_;
  routing_rule rule_;
};

} // namespace weft::spaces
