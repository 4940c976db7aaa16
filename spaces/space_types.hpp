#pragma once

#include "spaces/limits.hpp"
#include "spaces/tuple_index.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What goes into a space and what comes out of it.
namespace weft::spaces {

/// Who asks; the caller's number. When a client dies, all that it holds is
/// released.
using client_id = std::uint64_t;

/// The caller's number of one request that may wait; not used for another as
/// long as it does.
using ticket = std::uint64_t;

/// Names a claim; never 0, never given again by its shard.
using claim_id = std::uint64_t;

/// A request that may wait. Without a time-out it does not.
struct request {
  spaces::ticket ticket = 0;
  client_id client = 0;
  /// 0 to `timeout_max`.
  duration timeout = duration::zero();
  /// A take with it is a claim: the tuple is hidden for so long.
  std::optional<duration> claim_lease;
};

/// How a collect uses what it got.
enum class collect_form : std::uint8_t { read, take };

/// A tuple to be written.
struct new_tuple {
  tuple what;
  /// Above 0, up to `lease_max`; without one the tuple stays.
  std::optional<duration> lease;
};

/// What a read, take, claim or collect got: one tuple a pattern, in the order
/// of the patterns.
struct answer {
  std::vector<found_tuple> tuples;
  /// 0: the tuples are the caller's, or were read.
  claim_id claim = 0;
};

/// What a compare-and-swap did.
struct exchanged {
  /// The tuple that matched the pattern; nothing when none did.
  std::optional<found_tuple> found;
  /// The new tuple; nothing when the found one was not the expected one.
  std::optional<tuple_id> written;
};

/// What a watcher is told.
enum class watch_kind : std::uint8_t {
  /// It was written.
  added = 1,
  /// It was taken, swapped out or cleared; of a claim, it was confirmed.
  taken = 2,
  /// Its lease ended, or was cancelled.
  expired = 4,
};

struct watch_event {
  watch_kind kind = watch_kind::added;
  tuple_id id;
  tuple what;

  friend bool operator==(const watch_event&, const watch_event&) = default;
};

/// What happens to a watcher whose buffer is full.
enum class overflow_policy : std::uint8_t {
  /// The oldest event is dropped and counted.
  drop_oldest,
  /// The watch ends; what is in the buffer can still be fetched.
  disconnect,
};

struct watch_options {
  /// Kinds of events, or-ed together.
  std::uint8_t kinds = 7;
  /// Events, 1 to `watch_events_max`.
  std::size_t buffer = 1024;
  overflow_policy overflow = overflow_policy::drop_oldest;
};

/// What a space wants done, in the order in which it is to be done.
namespace effect {

/// The request is answered.
struct answered {
  spaces::ticket ticket = 0;
  spaces::answer answer;
};

/// The request's time is up; nothing was done for it.
struct timed_out {
  spaces::ticket ticket = 0;
};

/// The request has ended: what would answer it is above a limit. Nothing was
/// done for it.
struct refused {
  spaces::ticket ticket = 0;
  failure why;
};

/// A tuple that an interest asked for is there; nobody is kept from taking it.
struct offered {
  spaces::ticket ticket = 0;
  tuple_id id;
};

/// A watch has events, after it had none: fetch them.
struct events_ready {
  spaces::ticket ticket = 0;
};

/// A watch was ended by its overflow.
struct watch_ended {
  spaces::ticket ticket = 0;
};

/// All participants have come.
struct gathered {
  spaces::ticket ticket = 0;
  std::uint64_t generation = 0;
  /// Of a reduction.
  std::optional<value> outcome;
};

/// The participant's time is up and it has left its generation.
struct not_gathered {
  spaces::ticket ticket = 0;
  std::uint64_t generation = 0;
  std::size_t arrived = 0;
  std::size_t parties = 0;
  /// Those of the generation before that have not come, by name.
  std::vector<std::string> missing;
};

} // namespace effect

using space_effect =
    std::variant<effect::answered, effect::timed_out, effect::refused,
                 effect::offered, effect::events_ready, effect::watch_ended,
                 effect::gathered, effect::not_gathered>;

/// Limits of one space, or of one shard of it; what is above is refused with
/// `exhausted`.
struct space_options {
  /// Tuples, hidden ones included.
  std::size_t tuples_max = 100'000'000;
  /// Content of all of them.
  std::uint64_t content_bytes_max = std::uint64_t{8} << 30;
  /// Requests that wait.
  std::size_t waiters_max = 1'000'000;
  std::size_t watches_max = 10'000;
  /// Barriers and reductions; the one that was idle longest is forgotten.
  std::size_t barriers_max = 10'000;
  shape_policy shapes = {};
};

/// What a space has done and what it holds.
struct space_statistics {
  index_statistics index;
  std::uint64_t written = 0;
  /// Removed by take, swap, confirm or collect, not by leases or clear.
  std::uint64_t taken = 0;
  std::uint64_t expired = 0;
  /// Tuples, written or put back, that went to a waiting take or claim.
  std::uint64_t handed_off = 0;
  /// Requests that waited and were answered with a tuple to take: as many as
  /// tuples were handed off, or, of a collect, as collects were completed.
  std::uint64_t takers_woken = 0;
  std::uint64_t readers_woken = 0;
  /// Patterns of waiters and watchers that tuples were compared with.
  std::uint64_t interest_probes = 0;
  std::size_t waiters = 0;
  std::size_t claims = 0;
  std::size_t watches = 0;
  std::size_t barriers = 0;
  std::uint64_t watch_events_dropped = 0;
  /// Sequence number of the oldest stored tuple; 0 when there is none. Tuples
  /// written since: `last_sequence` less it. A space that only grows keeps its
  /// oldest tuple.
  std::uint64_t oldest_sequence = 0;
  std::uint64_t last_sequence = 0;
};

} // namespace weft::spaces
