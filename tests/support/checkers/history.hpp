#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// What clients did to a tuple space and what it answered, as seen from
/// outside: the input of the checkers. Nothing here knows how a space works.
namespace weft::checkers {

using tuple_id = std::uint64_t;
using client_id = std::uint32_t;
using claim_id = std::uint64_t;

/// A time or a duration on one clock for the whole history, in any unit.
using tick = std::uint64_t;
constexpr tick forever = std::numeric_limits<tick>::max();

/// `a + b`, at most `forever`.
constexpr tick later(tick a, tick b) {
  return a > forever - b ? forever : a + b;
}

/// A tuple, as far as a checker looks into it.
struct tuple {
  /// Names the value that was written, for instance a number in one of its
  /// fields. Equal tuples may share an id where the checker allows for it.
  tuple_id id = 0;
  /// What patterns look at: the values of the fields that they may fix, each
  /// numbered by the maker of the history and put into bits of its own.
  std::uint64_t fields = 0;
  /// Tuples of one shard are first in, first out; between shards, and so for
  /// a space that promises no order, nothing is said.
  std::uint32_t shard = 0;
  /// The tuple ends this long after its write took effect; when it is claimed
  /// then, with its claim.
  tick lease = forever;

  bool operator==(const tuple&) const = default;
};

/// Fixes the fields under `mask` to `bits`; the default matches everything.
struct pattern {
  std::uint64_t mask = 0;
  std::uint64_t bits = 0;

  bool matches(const tuple& what) const { return (what.fields & mask) == bits; }
  bool operator==(const pattern&) const = default;
};

/// `read` and `take` also stand for `read_if` and `take_if`: whether an
/// operation waits shows in its times and in an empty answer only.
enum class verb {
  /// Adds `writes`, all or none, in their order.
  write,
  /// Answers the oldest tuple that matches `asked`.
  read,
  /// Removes it, too.
  take,
  /// Removes it and adds `writes` in one step; neither if nothing matches.
  swap,
  /// Hides it until the claim ends: confirmed, released, `lease` after it
  /// took effect, or when the claimer has died.
  claim,
  /// Removes the tuple of `claim` and adds `writes` in one step.
  confirm,
  /// Shows the tuple of `claim` again, in its old place.
  release,
};

enum class outcome {
  /// Done, and the client has the answer.
  ok,
  /// Certainly not done, now or later.
  failed,
  /// The client died, gave up or the history ended before the answer came:
  /// it takes effect at some time after the invocation, or never.
  unknown,
};

/// One call of one client. A precedes B if it responded before B was invoked;
/// equal times overlap.
struct operation {
  verb what = verb::write;
  client_id client = 0;
  tick invoked = 0;
  /// Looked at if `how` is `ok`.
  tick responded = forever;
  outcome how = outcome::ok;
  /// For read, take, swap and claim.
  pattern asked;
  /// For these if `ok`: the tuple, or none if nothing matched.
  std::optional<tuple_id> answer;
  /// For write, swap and confirm.
  std::vector<tuple> writes;
  /// For claim, its new number, not 0; for confirm and release, whose tuple.
  claim_id claim = 0;
  /// For claim.
  tick lease = forever;

  bool operator==(const operation&) const = default;
};

struct death {
  client_id client = 0;
  tick at = 0;
};

struct history {
  std::vector<operation> operations;
  /// From then on, the claims of these clients may end at any time.
  std::vector<death> deaths;
  /// What the space held at the last time in the history, claimed tuples
  /// included unless their lease has ended, in any order; none if nobody
  /// looked.
  std::optional<std::vector<tuple_id>> remaining;
  /// How much later than its time an expiry may take effect.
  tick slack = 0;
};

/// The last time in a history. O(operations).
tick end_of(const history& what);

/// What is wrong with a history itself: an answer before its question, a
/// claim that nobody made, and so on, one sentence each. Checkers expect none.
/// O(n log n).
std::vector<std::string> malformed(const history& what);

/// One operation in words: `#3 client 1 took tuple 7 (10..14)`.
std::string describe(const history& what, std::size_t operation);

/// "any tuple", or the fields that are fixed, in hexadecimal.
std::string describe(const pattern& what);

} // namespace weft::checkers
