#pragma once

#include "tests/support/checkers/history.hpp"

#include <random>
#include <string_view>
#include <unordered_map>

namespace weft::checkers {

/// A mistake that a `naive_space` makes, about once in four times that it
/// could.
enum class bug {
  none,
  /// What a write hands to a waiting take arrives nowhere.
  lost_hand_off,
  /// Two waiting takes are handed the same tuple.
  double_hand_off,
  /// A take that gave up still takes what is written later.
  late_offer,
  /// The newest match in place of the oldest.
  newest_first,
  /// An empty answer although something matches.
  empty_while_present,
  /// A repeated write is stored again.
  write_retried_twice,
  /// A repeated take takes another tuple.
  take_retried_twice,
  /// The answer is a tuple that nobody wrote.
  tuple_from_nowhere,
  /// A read answers a tuple that was taken.
  read_of_taken,
  /// A take leaves the tuple in place.
  take_stays,
  /// The second half of a batch is not stored.
  half_batch,
  /// The second half of a batch is stored later than it is acknowledged.
  torn_batch,
  /// A write that was refused is stored.
  refused_write_stored,
  swap_loses_write,
  /// A leased tuple stays when its lease ends.
  lease_resurrected,
  /// A claim does not hide its tuple.
  double_claim,
  /// Reads answer claimed tuples.
  read_while_claimed,
  /// A confirm is accepted after its claim has ended.
  confirm_after_end,
  /// A confirm shows the tuple again.
  confirm_keeps_tuple,
  confirm_loses_writes,
  /// A tuple whose claim ends becomes the youngest.
  put_back_last,
  /// A tuple whose claim ends is gone.
  claim_end_drops,
  /// The claim of a client that died, or of a lease that ended, stays.
  claim_never_ends,
};

/// Every bug but `none`.
std::vector<bug> all_bugs();
std::string_view to_string(bug what);

struct space_request {
  /// Its own for each request; a repetition has the same.
  std::uint64_t number = 0;
  operation what;
  /// Wait for a match in place of an empty answer.
  bool waits = false;
  /// The space is to refuse it.
  bool refused = false;
};

struct space_reply {
  std::uint64_t number = 0;
  bool refused = false;
  std::optional<tuple_id> answer;
};

/// The simplest correct tuple space: a list in order of age, which every
/// request searches from the beginning. With a bug planted, it is the simplest
/// wrong one. A test of the checkers, not of any space.
class naive_space {
public:
  naive_space(bug planted, std::uint64_t seed)
      : planted_{planted}, random_{seed} {}

  /// Moves the clock and ends what has come to its end.
  void advance(tick now);

  /// Carries out a request, or lets it wait; a repeated one gets the reply
  /// that it had.
  void submit(const space_request& what);

  /// Ends the wait of a request with an empty answer, if it still waits.
  void withdraw(std::uint64_t number);

  /// Forgets the client's waiting requests and ends its claims.
  void client_died(client_id client);

  /// The replies since the last call.
  std::vector<space_reply> take_replies();

  /// What it holds, claimed or not.
  std::vector<tuple_id> content() const;

private:
  struct entry {
    tuple what;
    tick expires = forever;
    /// The claim that hides it, or 0.
    claim_id claim = 0;
    client_id claimer = 0;
    tick claim_ends = forever;
  };
  using entries = std::vector<entry>;

  bool strikes(bug which);
  void execute(const space_request& what);
  bool try_asking(const space_request& what);
  void give(const space_request& what, entries::iterator at);
  void finish_claim(const space_request& what);
  void answer_wrongly(const space_request& what, space_reply& with);
  entries::iterator oldest(const space_request& what);
  void store(const std::vector<tuple>& writes);
  void store_batch(const std::vector<tuple>& writes);
  void serve_waiters();
  bool hand_off(std::size_t waiter);
  void put_back(std::size_t index);
  void end_claims(bool died, client_id client);
  void end_leases();
  void reply(const space_request& to, space_reply with);

  bug planted_;
  std::mt19937_64 random_;
  tick now_ = 0;
  entries entries_;
  std::vector<space_request> waiting_;
  std::unordered_map<std::uint64_t, space_reply> done_;
  std::vector<space_reply> replies_;
  std::vector<tuple> taken_;
  std::vector<tuple> torn_;
};

} // namespace weft::checkers
