#pragma once

#include "spaces/barriers.hpp"
#include "spaces/space_types.hpp"
#include "spaces/watches.hpp"

#include <memory>
#include <variant>

/// What may be asked of a shard, and its answers, as data that can wait in a
/// queue and travel. `space_core` has an operation of the same name for each
/// call and says what it means.
namespace weft::spaces {

/// The number of a call, chosen by its caller; see `shard_core`.
using call_number = std::uint64_t;

namespace call {

/// All or none, in order. Answer: `written`.
struct write {
  std::vector<new_tuple> tuples;
};

/// Answer: `found`, with nothing when there was nothing within the time.
struct read {
  pattern what;
  duration timeout = duration::zero();
};

/// With a lease it is a claim. Answer: `found`.
struct take {
  pattern what;
  duration timeout = duration::zero();
  std::optional<duration> claim_lease;
};

struct read_all {
  pattern what;
  std::size_t limit = answer_tuples_max;
};

/// With a lease they are claimed, under one claim.
struct take_all {
  pattern what;
  std::size_t limit = answer_tuples_max;
  std::optional<duration> claim_lease;
};

/// Answer: `found`, one tuple a pattern or none at all.
struct collect {
  std::vector<pattern> patterns;
  collect_form form = collect_form::take;
  duration timeout = duration::zero();
  std::optional<duration> claim_lease;
};

/// Answer: `counted`.
struct count {
  pattern what;
};

/// Answer: `swapped`.
struct swap {
  pattern what;
  new_tuple with;
  /// Only if the oldest match equals it.
  std::optional<tuple> expected;
};

/// Answer of this and the next: `done`.
struct renew {
  tuple_id id;
  std::optional<duration> lease;
};

struct cancel {
  tuple_id id;
};

/// Answer: `written`.
struct confirm {
  claim_id claim = 0;
  std::vector<new_tuple> writes;
};

/// Answer of this and the next: `done`.
struct release {
  claim_id claim = 0;
};

struct renew_claim {
  claim_id claim = 0;
  duration lease = duration::zero();
};

/// Answers: `offered`, again and again, or `timed_out`, until it is stopped.
struct interest {
  pattern what;
  duration timeout = duration::zero();
  std::optional<duration> claim_lease;
};

/// Takes what the interest with the number `of` was offered. Answer: `found`;
/// nothing when somebody was faster.
struct take_offer {
  call_number of = 0;
  tuple_id id;
};

/// Ends the call with the number `of`, whatever it waits or watches for; it has
/// no answer any more. Answer: `done`.
struct stop {
  call_number of = 0;
};

/// Answer: `done`; then fetch what there is, until it is stopped.
struct watch {
  pattern what;
  watch_options options;
};

/// The next events of the watch with the number `of`, once there are any.
/// Answer: `events`, an empty list when there were none within the time.
struct fetch {
  call_number of = 0;
  std::size_t limit = 1000;
  duration timeout = duration::zero();
};

/// Answer: `gathered` or `not_gathered`.
struct arrive {
  std::string name;
  std::string participant;
  std::size_t parties = 1;
  std::optional<reduce_operation> operation;
  value contribution;
  duration timeout = duration::zero();
};

/// Answer: `statistics`.
struct statistics {};

/// Answer: `counted`.
struct clear {};

/// Releases all that the caller holds. No answer.
struct leave {};

// Tuples that go elsewhere, of the shard that is given, with what is left of
// their leases. Answer of all three: `carried`, a part.

/// Those that match at this moment, the oldest first; without a pattern all,
/// claimed ones too as if they had been put back. The shard keeps the list for
/// the caller until all was fetched, the caller begins `lists_max` others, or
/// leaves.
struct list {
  std::optional<pattern> what;
};

/// What follows of a list.
struct next_part {
  std::uint64_t list_number = 0;
};

/// Claims the oldest that match and were written before `until`.
struct carry {
  pattern what;
  std::uint64_t until = ~std::uint64_t{0};
  duration lease = duration::zero();
};

} // namespace call

using any_call =
    std::variant<call::write, call::read, call::take, call::read_all,
                 call::take_all, call::collect, call::count, call::swap,
                 call::renew, call::cancel, call::confirm, call::release,
                 call::renew_claim, call::interest, call::take_offer,
                 call::stop, call::watch, call::fetch, call::arrive,
                 call::statistics, call::clear, call::leave, call::list,
                 call::next_part, call::carry>;

namespace reply {

struct written {
  std::vector<tuple_id> ids;
};

struct found {
  std::vector<found_tuple> tuples;
  /// 0 unless they are claimed.
  claim_id claim = 0;
};

struct counted {
  std::uint64_t count = 0;
};

struct swapped {
  /// The tuple that matched; nothing when none did.
  std::optional<found_tuple> found;
  /// The new tuple; nothing when nothing was replaced.
  std::optional<tuple_id> written;
};

struct done {};

struct offered {
  tuple_id id;
};

struct timed_out {};

struct events {
  std::vector<watch_event> list;
  /// Events that were dropped since the last fetch.
  std::uint64_t dropped = 0;
  /// More is there already.
  bool more = false;
  /// The watch has ended and this is the last of it.
  bool ended = false;
};

struct gathered {
  std::uint64_t generation = 0;
  std::optional<value> outcome;
};

struct not_gathered {
  std::uint64_t generation = 0;
  std::size_t arrived = 0;
  std::size_t parties = 0;
  std::vector<std::string> missing;
};

/// Outside of the reply, which would be thrice as large with it.
struct statistics {
  explicit statistics(space_statistics of = {})
      : what{std::make_shared<const space_statistics>(std::move(of))} {}

  std::shared_ptr<const space_statistics> what;
};

struct carried {
  /// At most `part_tuples_max`, and `part_bytes_max` unless it is only one.
  std::vector<new_tuple> tuples;
  /// 0 unless they are claimed.
  claim_id claim = 0;
  /// Of a list that has more, its number.
  std::uint64_t list_number = 0;
  /// More follow.
  bool more = false;
  /// Of `carry`: tuples that are written from now on are not before it.
  std::uint64_t end = 0;
};

} // namespace reply

/// Tuples that a shard hands out at once to go elsewhere, and their content.
inline constexpr std::size_t part_tuples_max = 1000;
inline constexpr std::size_t part_bytes_max = std::size_t{1} << 20;

/// Lists that a shard keeps for a caller.
inline constexpr std::size_t lists_max = 16;

using any_reply =
    std::variant<reply::written, reply::found, reply::counted, reply::swapped,
                 reply::done, reply::offered, reply::timed_out, reply::events,
                 reply::gathered, reply::not_gathered, reply::statistics,
                 failure, reply::carried>;

/// Whether a call may leave a trace in a shard though its answer gets lost.
bool changes_something(const any_call& what);

/// Whether the shard may keep something for the caller until it leaves.
bool may_hold(const any_call& what);

/// About as many bytes as it takes to send it.
std::size_t content_bytes(const any_call& what);
std::size_t content_bytes(const any_reply& what);

} // namespace weft::spaces
