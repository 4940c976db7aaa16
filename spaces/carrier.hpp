#pragma once

#include "spaces/routing.hpp"

#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace weft::spaces {

/// Tuples by the shard that they belong to, each shard's in their order.
std::vector<std::pair<std::uint32_t, std::vector<new_tuple>>>
by_shard(std::vector<new_tuple> tuples, const routing& where);

enum class carry_form : std::uint8_t {
  /// Linda's collect.
  move,
  /// Linda's copy-collect.
  copy,
};

/// One call on the way of tuples from one space to another.
struct carry_step {
  bool at_target = false;
  any_call what;
  std::uint32_t shard = 0;
};

/// Carries the tuples that match from one space to another, however each of
/// them is sharded, part by part, one call at a time: make the call of
/// `next_step`, give its answer to `on_answer`, until there is no next.
///
/// Of each shard the tuples that were there at the first call to it are
/// carried, and of a copy those that are there at that moment, in one step. In
/// the target they follow each other as they did in their shard. What is left
/// of their leases goes on there.
///
/// A move claims a part, writes it to the target and then confirms the claim:
/// a tuple is never in none of the spaces, and is seen in both for the time
/// between the last two steps. If the caller dies just there, or the source's
/// shard is lost, that part (`part_tuples_max` at most) stays in both. When
/// the target refuses tuples they are written back, or released.
///
/// Not thread-safe. Cost: O(1) a tuple, one part in memory.
class carrier {
public:
  /// How long a part may take; claims end then, or with the caller.
  static constexpr duration claim_lease = std::chrono::minutes{5};

  carrier(carry_form form, pattern what, const routing& source, routing target);

  /// Nothing: it is done, see `outcome`.
  std::optional<carry_step> next_step();
  void on_answer(any_reply what);

  /// How many were carried; the failure that ended it says so too.
  const result<std::uint64_t>& outcome() const { return outcome_; }
  /// So far.
  std::uint64_t carried() const { return carried_; }

private:
  enum class phase : std::uint8_t { fetch, write, confirm, put_back };

  struct batch {
    std::uint32_t shard = 0;
    std::vector<new_tuple> tuples;
  };

  carry_step fetch_step();
  carry_step put_back_step();
  void on_fetched(any_reply what);
  void on_written(const any_reply& what);
  void on_confirmed(const any_reply& what);
  void next_part();
  void end(const failure& why);

  carry_form form_;
  pattern what_;
  routing target_;
  phase phase_ = phase::fetch;
  std::uint32_t shard_ = 0;
  std::uint32_t last_shard_ = 0;
  /// Of the present shard: where a move ends.
  std::optional<std::uint64_t> until_;
  /// Of the part that is under way.
  claim_id claim_ = 0;
  std::uint64_t list_ = 0;
  bool more_ = false;
  std::deque<batch> batches_;
  /// Of the part, those that are in the target.
  std::size_t written_ = 0;
  /// Why the rest of the part is put back.
  std::optional<failure> why_;
  std::uint64_t carried_ = 0;
  bool done_ = false;
  result<std::uint64_t> outcome_{0};
};

} // namespace weft::spaces
