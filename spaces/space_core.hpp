#pragma once

#include "spaces/barriers.hpp"
#include "spaces/checks.hpp"
#include "spaces/held.hpp"
#include "spaces/interest_index.hpp"
#include "spaces/watches.hpp"

#include <deque>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace weft::spaces {

/// One shard of a tuple space: tuples, those who wait for them, leases,
/// claims, watches, barriers.
///
/// Calls go in with the time, which does not go back; answers come back as
/// results, and what others are to be told comes out of `next_effect`. Timers
/// are one deadline: call `advance` when it has come, before anything else that
/// has a later time.
///
/// Order: among tuples that match, the one with the lowest sequence number is
/// found first. A written tuple goes to every waiting read, and to the oldest
/// waiting take, claim or collect that it satisfies: directly, so that it is
/// never seen by others. What is put back has its old sequence number.
///
/// Errors of all operations: `invalid_argument` for what is above a limit of
/// limits.hpp, `exhausted` for one of `space_options`; nothing is done then.
///
/// Cost: that of tuple_index and interest_index; O(1) beyond it. Not
/// thread-safe.
class space_core {
public:
  /// `seed` keeps hashes from being guessed. Claims are numbered from
  /// `first_claim` on, not 0.
  space_core(space_options options, std::uint64_t seed,
             claim_id first_claim = 1);

  // Writing.

  /// Writes a tuple. It is there, or with whoever waited for it, on return.
  result<tuple_id> write(tuple what, std::optional<duration> lease,
                         time_point now);

  /// Writes all, in order, or none.
  result<std::vector<tuple_id>> write_batch(std::vector<new_tuple> tuples,
                                            time_point now);

  // One tuple.

  /// What a read, take or claim got at once.
  struct taken {
    found_tuple found;
    /// 0 unless it is claimed.
    claim_id claim = 0;
  };

  /// The oldest tuple that matches. Nothing: there is none, and if the request
  /// has a time-out, it waits for an effect with its ticket: `answered` or
  /// `timed_out`. Fails with `already_exists` when the ticket waits already.
  result<std::optional<taken>> read(const pattern& what, const request& by,
                                    time_point now);
  /// The same, and removes it or, with a claim lease, hides it.
  result<std::optional<taken>> take(const pattern& what, const request& by,
                                    time_point now);

  /// Ends a wait of any kind; false: the ticket does not wait.
  bool stop_waiting(ticket by);

  // Several tuples.

  /// The oldest `limit` that match, the oldest first.
  result<std::vector<found_tuple>> read_all(const pattern& what,
                                            std::size_t limit);
  result<std::vector<found_tuple>> take_all(const pattern& what,
                                            std::size_t limit);
  /// Hides them under one claim; without a match the claim is 0. With this a
  /// move to another space keeps every tuple in one of them: claim, write
  /// there, confirm.
  result<answer> claim_all(const pattern& what, std::size_t limit,
                           client_id client, duration lease, time_point now);

  /// One tuple for each pattern, no two the same, or nothing at all: a collect
  /// that cannot be completed holds no tuple while it waits. With a claim
  /// lease, all are hidden under one claim. Older tuples are preferred, but
  /// overlapping patterns may get younger ones.
  result<std::optional<answer>> collect(std::vector<pattern> patterns,
                                        collect_form form, const request& by,
                                        time_point now);

  /// Cost: that of finding all.
  std::uint64_t count(const pattern& what) { return index_.count(what); }
  bool exists(const pattern& what) { return index_.oldest(what).has_value(); }

  /// Begins to load what takes or reads by these patterns will need. For the
  /// requests of one message, before the first of them: it hides most of the
  /// time that memory takes.
  void prefetch(std::span<const pattern* const> patterns) const {
    index_.prefetch(patterns);
  }

  // Replacing.

  /// Takes the oldest match and writes `with`, at once; nothing if there is no
  /// match.
  struct swapped {
    found_tuple found;
    tuple_id written;
  };
  result<std::optional<swapped>> swap(const pattern& what, new_tuple with,
                                      time_point now);
  /// Does so if the oldest match equals `expected`.
  result<exchanged> compare_and_swap(const pattern& what, const tuple& expected,
                                     new_tuple with, time_point now);

  // Leases.

  /// From now on; nothing for no end. Fails with `not_found` when the tuple is
  /// gone. A claimed tuple's lease can be renewed too.
  result<void> renew(const tuple_id& id, std::optional<duration> lease,
                     time_point now);
  /// Ends the tuple's lease now. Fails with `not_found`, also when it is
  /// claimed.
  result<void> cancel(const tuple_id& id);

  // Claims. All fail with `not_found` when the claim has ended, or is another
  // client's.

  /// Removes the claimed tuples and writes these (none is fine), at once.
  result<std::vector<tuple_id>> confirm(claim_id claim, client_id client,
                                        std::vector<new_tuple> writes,
                                        time_point now);
  /// Puts the claimed tuples back, each in its old place.
  result<void> release(claim_id claim, client_id client, time_point now);
  result<void> renew_claim(claim_id claim, client_id client, duration lease,
                           time_point now);

  // Blocking takes over several shards; see router_core.

  /// Registers an interest: each time that a tuple matches and the interest
  /// has no offer, it is offered by its id and stays for everyone. The
  /// interest ends when it takes an offer, is withdrawn or its time is up
  /// (`timed_out`). A tuple is offered to one waiting interest after the
  /// other; a take of this shard that waits comes first.
  result<void> interest(const pattern& what, const request& by, time_point now);
  /// Takes (or claims) what was offered; the interest ends. Nothing: somebody
  /// was faster, and the interest goes on, maybe with another offer. Fails
  /// with `not_found` when there is no such interest.
  result<std::optional<taken>> take_offer(ticket by, const tuple_id& id,
                                          time_point now);
  /// Ends an interest; its offer goes to the next. False: there is none.
  bool withdraw(ticket by) { return stop_waiting(by); }

  // Watches.

  /// Events come as `events_ready`; then fetch them. Fails with
  /// `already_exists` when the ticket watches already.
  result<void> watch(ticket by, client_id client, pattern what,
                     const watch_options& options);
  std::optional<watches::fetched> fetch(ticket by, std::size_t limit);
  bool unwatch(ticket by);

  // Barriers.

  /// Arrives; `gathered` or `not_gathered` follow. A time-out of 0 leaves at
  /// once unless it is the last to come. Fails like `barriers::arrive`.
  result<void> arrive(arrival who, client_id client, duration timeout,
                      time_point now);

  // All of it.

  /// Releases all that the client holds: what waits, watches and barriers are
  /// ended, claimed tuples are put back. Its tuples stay.
  void drop_client(client_id client, time_point now) {
    drop_clients({&client, 1}, now);
  }
  /// The same for several that have died together: none of them gets what
  /// another had.
  void drop_clients(std::span<const client_id> clients, time_point now);

  /// Carries out what is due.
  void advance(time_point now);
  std::optional<time_point> next_deadline() const {
    return timers_.next_deadline();
  }

  std::optional<space_effect> next_effect();

  /// Removes all tuples, claimed ones too, whose claims end; watchers see them
  /// as taken. Whoever waits goes on waiting. Returns how many there were.
  std::size_t clear();

  space_statistics statistics() const;

  /// All tuples with the rest of their leases, as bytes; claimed ones too, as
  /// if they had been put back. Cost: O(n log n).
  std::string snapshot(time_point now) const;

  /// Fills an empty space from a snapshot; ids and order are as they were.
  /// Any bytes may come: fails with `invalid_argument` and stays empty. An
  /// own tuple that was written already is an error of the caller.
  result<void> restore(std::string_view snapshot, time_point now);

private:
  friend class space_contents;
  enum timer_kind : std::uint8_t {
    tuple_lease,
    claim_end,
    wait_end,
    barrier_end,
  };

  /// A tuple's note when its lease ended while it was claimed.
  static constexpr std::uint32_t ended_meanwhile = 0xFFFF'FFFF;

  using waiter_map = std::unordered_map<ticket, waiter>;

  // space_core.cpp
  bool has_room(std::size_t tuples, std::size_t bytes) const {
    return index_.size() + claimed_tuples_ + tuples <= options_.tuples_max
           && index_.content_bytes() + bytes <= options_.content_bytes_max;
  }
  result<void> check_room(std::size_t tuples, std::size_t bytes) const;
  tuple_id put(tuple&& what, std::optional<duration> lease, time_point now);
  tuple_id put_for_some(std::optional<ticket> taker, const tuple& what,
                        const std::optional<duration>& lease, time_point now);
  void set_lease(place at, duration lease, time_point now);
  void drop_lease(place at);
  /// Removes a stored tuple for somebody who takes it.
  found_tuple take_out(place at);
  void report(watch_kind kind, const tuple_id& id, const tuple& what) {
    if (!watches_.empty())
      watches_.report(kind, id, what, effects_);
  }
  result<std::optional<taken>> ask(wait_kind kind, const pattern& what,
                                   const request& by, time_point now);
  taken get(wait_kind kind, place at, const request& by, time_point now);

  // space_waiting.cpp
  result<void> check_wait(const request& by) const;
  waiter& add_waiter(wait_kind kind, const request& by, time_point now);
  void listen(ticket by, waiter& one, const pattern& what);
  void stop_listening(waiter& one);
  interest_index& index_of(const waiter& one) {
    const bool reads =
        one.kind == wait_kind::read || one.kind == wait_kind::collect_read;
    return reads ? readers_ : takers_;
  }
  void remove_waiter(waiter_map::iterator which);
  bool hand_off(ticket taker, const tuple_id& id, const tuple& what);
  void settle(place at, time_point now);
  void settle_reads(place at, time_point now);
  void settle_one(ticket by, place at, bool& offered, time_point now);
  result<std::optional<answer>>
  try_collect(const std::vector<pattern>& patterns, collect_form form,
              client_id client, const std::optional<duration>& claim_lease,
              time_point now, std::vector<std::size_t>& short_of);
  void complete_collect(ticket by, waiter& one, time_point now);
  void offer(ticket by, waiter& one, const tuple_id& id);
  void offer_next(const tuple_id& id);
  void find_offer(ticket by, waiter& one);
  void answer_one(ticket by, found_tuple found, claim_id claim);

  // space_claims.cpp
  claim_id hide(std::vector<place> places, client_id client, duration lease,
                time_point now);
  result<claim*> find_claim(claim_id which, client_id client);
  std::vector<place> end_claim(claim_id which);
  void put_back(std::vector<place> places, time_point now);

  // space_upkeep.cpp
  void on_timer(const timer_wheel::purpose& what);
  void expire(place at);
  void leave_barrier(ticket by, bool told);
  void forget_holding(client_id client,
                      std::unordered_set<ticket> holdings::*of, ticket by);

  space_options options_;
  tuple_index index_;
  interest_index readers_;
  interest_index takers_;
  watches watches_;
  barriers barriers_;
  timer_wheel timers_;
  waiter_map waiters_;
  std::uint64_t next_rank_ = 1;
  std::unordered_map<claim_id, claim> claims_;
  std::uint64_t claimed_tuples_ = 0;
  claim_id next_claim_;
  std::unordered_map<ticket, client_id> watchers_;
  std::unordered_map<ticket, barrier_wait> barrier_waits_;
  std::unordered_map<client_id, holdings> clients_;
  std::deque<space_effect> effects_;
  space_statistics counts_;
};

} // namespace weft::spaces
