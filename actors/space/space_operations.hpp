#pragma once

#include "spaces/calls.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weft {

/// Where a tuple is in its space, until it is taken.
struct tuple_key {
  std::uint32_t shard = 0;
  spaces::tuple_id id;

  friend bool operator==(const tuple_key&, const tuple_key&) = default;
};

/// A claim on tuples of one shard.
struct claim_key {
  std::uint32_t shard = 0;
  spaces::claim_id claim = 0;

  friend bool operator==(const claim_key&, const claim_key&) = default;
};

/// Tuples that are hidden from others until their claim is confirmed (then
/// they are gone), released, or ends by its lease or by its owner's death
/// (then they are back, each in its old place).
struct claimed_tuples {
  claim_key claim;
  std::vector<spaces::tuple> tuples;
};

/// What a compare-and-swap came to.
struct swap_outcome {
  /// The oldest tuple that matched; nothing when none did.
  std::optional<spaces::tuple> found;
  /// It was the expected one and was replaced.
  bool swapped = false;
};

/// What a watch has seen since it was asked last.
struct watch_news {
  std::vector<spaces::watch_event> events;
  /// Events that did not fit into the watch's buffer.
  std::uint64_t dropped = 0;
  /// The watch was ended by its overflow; there is no more.
  bool ended = false;
};

/// Names a watch for `next_events` and `unwatch`.
struct watch_key {
  spaces::call_number number = 0;
};

/// What can be done with a tuple space, whatever the way of waiting for the
/// answer: `Port::perform<R>(call, meaning, shard)` gives a `result<R>` to a
/// thread and a `pending<R>` to an actor.
///
/// Errors of all: `invalid_argument` for what is above a limit of
/// spaces/limits.hpp; `exhausted` above one of the space's own; `unsupported`
/// for one operation on several shards that has to be atomic;
/// `unavailable` when the shard cannot be reached, and nothing was done;
/// `timed_out` when it was lost on the way, and what was done is unknown.
///
/// Times: a time-out is 0 (does not wait) to an hour. Running out of time is no
/// error where the result is optional: it is empty then.
template <class Port>
class space_operations {
public:
  using duration = spaces::duration;
  using lease = std::optional<duration>;

  /// Writes a tuple, for good or for the time of a lease.
  auto write(spaces::tuple what, lease until = {}) const {
    spaces::call::write call;
    call.tuples.push_back({std::move(what), until});
    return perform<tuple_key>(std::move(call));
  }

  /// Writes all in order, or none. They must belong to one shard.
  auto write_all(std::vector<spaces::new_tuple> tuples) const {
    return perform<std::vector<tuple_key>>(
        spaces::call::write{std::move(tuples)});
  }

  /// The oldest tuple that matches, as soon as there is one.
  auto read(spaces::pattern what, duration timeout) const {
    return perform<std::optional<spaces::tuple>>(
        spaces::call::read{std::move(what), timeout});
  }
  auto read_if(spaces::pattern what) const {
    return read(std::move(what), duration::zero());
  }

  /// The same, and removes it: of several takers one gets it.
  auto take(spaces::pattern what, duration timeout) const {
    return perform<std::optional<spaces::tuple>>(
        spaces::call::take{std::move(what), timeout, {}});
  }
  auto take_if(spaces::pattern what) const {
    return take(std::move(what), duration::zero());
  }

  /// The same, but hides it until the claim ends.
  auto claim(spaces::pattern what, duration lease, duration timeout) const {
    return perform<std::optional<claimed_tuples>>(
        spaces::call::take{std::move(what), timeout, lease});
  }

  /// The oldest `limit` tuples that match, the oldest of each shard first.
  auto read_all(spaces::pattern what,
                std::size_t limit = spaces::answer_tuples_max) const {
    return perform<std::vector<spaces::tuple>>(
        spaces::call::read_all{std::move(what), limit});
  }
  auto take_all(spaces::pattern what,
                std::size_t limit = spaces::answer_tuples_max) const {
    return perform<std::vector<spaces::tuple>>(
        spaces::call::take_all{std::move(what), limit, {}});
  }

  /// Takes one distinct tuple for each pattern, in their order, once all are
  /// there; holds nothing while it waits. They must belong to one shard.
  auto collect(std::vector<spaces::pattern> patterns, duration timeout) const {
    return perform<std::optional<std::vector<spaces::tuple>>>(
        spaces::call::collect{
            std::move(patterns), spaces::collect_form::take, timeout, {}});
  }
  /// The same, but leaves them there.
  auto collect_read(std::vector<spaces::pattern> patterns,
                    duration timeout) const {
    return perform<std::optional<std::vector<spaces::tuple>>>(
        spaces::call::collect{
            std::move(patterns), spaces::collect_form::read, timeout, {}});
  }

  auto count(spaces::pattern what) const {
    return perform<std::uint64_t>(spaces::call::count{std::move(what)});
  }
  auto exists(spaces::pattern what) const {
    return perform<bool>(spaces::call::read{std::move(what), duration::zero()});
  }

  /// Replaces the oldest match, in one step. The pattern must fix the shard,
  /// and the new tuple belong to it.
  auto swap(spaces::pattern what, spaces::tuple with, lease until = {}) const {
    return perform<std::optional<spaces::tuple>>(spaces::call::swap{
        std::move(what), {std::move(with), until}, std::nullopt});
  }
  /// Does so if the oldest match equals `expected`.
  auto compare_and_swap(spaces::pattern what, spaces::tuple expected,
                        spaces::tuple with, lease until = {}) const {
    return perform<swap_outcome>(spaces::call::swap{
        std::move(what), {std::move(with), until}, std::move(expected)});
  }

  /// A new lease from now on, or none; `not_found` when the tuple is gone.
  auto renew(const tuple_key& which, lease until) const {
    return perform<void>(spaces::call::renew{which.id, until}, which.shard);
  }
  /// Ends a tuple's lease now.
  auto cancel(const tuple_key& which) const {
    return perform<void>(spaces::call::cancel{which.id}, which.shard);
  }

  /// Removes what is claimed and writes these, in one step. They must belong
  /// to the claim's shard. `not_found` when the claim has ended.
  auto confirm(const claim_key& which,
               std::vector<spaces::new_tuple> writes = {}) const {
    return perform<std::vector<tuple_key>>(
        spaces::call::confirm{which.claim, std::move(writes)}, which.shard);
  }
  /// Puts what is claimed back.
  auto release(const claim_key& which) const {
    return perform<void>(spaces::call::release{which.claim}, which.shard);
  }
  auto renew_claim(const claim_key& which, duration lease) const {
    return perform<void>(spaces::call::renew_claim{which.claim, lease},
                         which.shard);
  }

  /// Waits until `parties` participants, distinct by name, have come; answers
  /// with the number of the generation. `timed_out` names who is missing.
  auto barrier(std::string name, std::string participant, std::size_t parties,
               duration timeout) const {
    return perform<std::uint64_t>(spaces::call::arrive{std::move(name),
                                                       std::move(participant),
                                                       parties,
                                                       std::nullopt,
                                                       {},
                                                       timeout});
  }
  /// The same, and combines what all have brought.
  auto reduce(std::string name, std::string participant, std::size_t parties,
              spaces::reduce_operation operation, spaces::value contribution,
              duration timeout) const {
    return perform<spaces::value>(
        spaces::call::arrive{std::move(name), std::move(participant), parties,
                             operation, std::move(contribution), timeout});
  }

  /// Begins to watch what becomes of tuples that match.
  auto watch(spaces::pattern what,
             const spaces::watch_options& options = {}) const {
    return perform<watch_key>(spaces::call::watch{std::move(what), options});
  }
  /// What the watch has seen, as soon as there is anything; empty when there
  /// was nothing within the time. Ask one after the other.
  auto next_events(const watch_key& which, duration timeout,
                   std::size_t limit = 1000) const {
    return perform<watch_news>(
        spaces::call::fetch{which.number, limit, timeout});
  }
  auto unwatch(const watch_key& which) const {
    return perform<void>(spaces::call::stop{which.number});
  }

  /// Of each shard.
  auto statistics() const {
    return perform<std::vector<spaces::space_statistics>>(
        spaces::call::statistics{});
  }

  /// Removes all tuples; answers how many there were.
  auto clear() const { return perform<std::uint64_t>(spaces::call::clear{}); }

private:
  template <class R>
  auto perform(spaces::any_call what,
               std::optional<std::uint32_t> shard = {}) const {
    return static_cast<const Port&>(*this).template perform<R>(std::move(what),
                                                               shard);
  }
};

} // namespace weft
