#pragma once

#include "tests/support/checkers/history.hpp"

#include <compare>
#include <functional>
#include <unordered_map>

namespace weft::checkers {

/// Something that takes effect at one moment of a history: an operation, or
/// what the space does by itself when a time has come.
struct task {
  enum class kind { operation, claim_ends, lease_ends };

  kind what = kind::operation;
  /// The operation, or the one that made the claim or wrote the tuple.
  std::size_t operation = 0;
  /// For an operation, its first tuple in `sequential_space::tuples`; for
  /// `lease_ends`, the tuple.
  std::uint32_t tuple = 0;
  /// It takes effect in between, both included; `forever` if it need not.
  tick from = 0;
  tick until = forever;
  /// False for an operation whose answer nobody saw.
  bool answered = false;
  /// Tasks that come before it.
  std::vector<std::size_t> after;

  bool required() const { return until != forever; }
};

/// A tuple in the space.
struct held_tuple {
  std::uint32_t tuple = 0;
  /// The operation that claims it, plus one; 0 if it is visible.
  std::uint32_t claim = 0;
  /// Its lease ended while it was claimed: it is gone unless it is confirmed.
  bool ended = false;

  auto operator<=>(const held_tuple&) const = default;
};

/// Oldest first.
using space_content = std::vector<held_tuple>;

/// What a correct space does when it does one thing at a time, and the tasks
/// of a history up to a time: the specification that histories are held
/// against.
class sequential_space {
public:
  /// Leaves out what was invoked after `cut`; what responded later is still
  /// open, as it was then. With `inferred`, tasks know what
  /// `write_order.hpp` finds. Keeps a reference to `about`. O(n log n), or
  /// O(n^2) with `inferred`.
  sequential_space(const history& about, tick cut, bool inferred);

  /// By `from`.
  const std::vector<task>& tasks() const { return tasks_; }
  const std::vector<tuple>& tuples() const { return tuples_; }

  /// Calls `visit` with each content that `what` can leave behind; not at all
  /// if it cannot happen with its answer, or would change nothing and has
  /// none. O(content).
  void apply(const task& what, const space_content& before,
             const std::function<void(space_content)>& visit) const;

  /// True if `what` can happen now, changes nothing, and might as well happen
  /// now as later. O(content).
  bool idle(const task& what, const space_content& now) const;

  /// The oldest visible match of each shard. O(content * shards).
  std::vector<std::uint32_t> oldest(const pattern& asked,
                                    const space_content& now) const;

  /// Why `what` cannot happen now with its answer; "" if it can.
  std::string why_not(const task& what, const space_content& now) const;

  /// True if the content is what remained at the end of the history, or if
  /// nobody looked.
  bool remains(const space_content& now) const;

  const history& about() const { return about_; }

private:
  void add_operation(std::size_t operation, tick cut);
  void add_claim_end(std::size_t operation, bool answered, tick cut);
  void add_lease_ends(std::size_t operation, std::uint32_t first, bool answered,
                      tick cut);
  void drop_unseen_writes(tick cut);
  void sort_tasks();
  bool answers(const operation& what, std::uint32_t tuple) const;
  void apply_asking(const task& what, const space_content& before,
                    const std::function<void(space_content)>& visit) const;
  void write(const task& what, space_content& into) const;

  const history& about_;
  std::vector<task> tasks_;
  std::vector<tuple> tuples_;
  /// By tuple: no operation of unknown outcome removes it.
  std::vector<bool> accounted_for_;
  /// The operation that made a claim.
  std::unordered_map<claim_id, std::size_t> claims_;
  bool whole_ = false;
};

} // namespace weft::checkers
