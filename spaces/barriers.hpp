#pragma once

#include "spaces/space_types.hpp"

#include <deque>
#include <list>
#include <map>
#include <unordered_map>

namespace weft::spaces {

/// How values become one. Sums of f64 are added in the order of the
/// participants' names, so that they do not depend on who comes first. Arrays
/// of f64 of one length are combined element by element.
enum class reduce_operation : std::uint8_t {
  /// Of i64 (it wraps around), f64 or arrays of f64.
  sum,
  /// Of i64, f64 or arrays of f64; a NaN among them is the outcome.
  min,
  max,
  /// Of bool.
  logical_and,
  logical_or,
};

/// "sum", "min", "max", "and", "or".
std::string_view to_string(reduce_operation operation) noexcept;

/// One participant's arrival at a barrier or a reduction.
struct arrival {
  spaces::ticket ticket = 0;
  /// The barrier's name and the participant's, 1 to `name_bytes_max` bytes.
  std::string name;
  std::string participant;
  /// How many gather, 1 to `parties_max`.
  std::size_t parties = 1;
  /// Of a reduction.
  std::optional<reduce_operation> operation;
  value contribution;
};

/// Barriers and reductions: the participants of a generation wait until all
/// have come, then all go on and the next generation begins. Participants are
/// distinct by their name. A participant that leaves (its time is up, its
/// client died) is not counted any more and may come again. Not thread-safe.
///
/// Cost: O(log participants) an arrival, O(participants) a generation.
class barriers {
public:
  explicit barriers(std::size_t barriers_max) : barriers_max_{barriers_max} {}

  /// Adds a participant; when it is the last, appends `gathered` for all, by
  /// name. Fails with `invalid_argument` (names, number of parties, types, or
  /// another number or operation than the others of this generation),
  /// `already_exists` (the participant is waiting already) or `exhausted`.
  result<void> arrive(arrival who, std::deque<space_effect>& effects);

  /// Takes a waiting participant out. With `effects` it is told who is
  /// missing. False: it does not wait.
  bool leave(ticket who, std::deque<space_effect>* effects);

  /// Participants that wait.
  std::size_t waiting() const { return where_.size(); }
  std::size_t size() const { return barriers_.size(); }

  /// Forgets the barriers that nobody waits at.
  void clear_idle();

private:
  struct participant {
    spaces::ticket ticket = 0;
    value contribution;
  };

  struct barrier {
    std::uint64_t generation = 1;
    std::size_t parties = 0;
    std::optional<reduce_operation> operation;
    std::map<std::string, participant> arrived;
    /// Those of the generation before.
    std::vector<std::string> before;
    /// Its place among the idle ones, when it is one.
    std::optional<std::list<std::string>::iterator> idle;
  };

  using barrier_map = std::unordered_map<std::string, barrier>;

  result<barrier_map::iterator> find_or_add(const std::string& name);
  static result<void> check_same(const barrier& at, const arrival& who);
  void complete(barrier_map::iterator at, std::deque<space_effect>& effects);
  void make_idle(barrier_map::iterator at);

  std::size_t barriers_max_;
  barrier_map barriers_;
  /// Name of the barrier and of the participant.
  std::unordered_map<ticket, std::pair<std::string, std::string>> where_;
  /// Longest idle first.
  std::list<std::string> idle_;
};

} // namespace weft::spaces
