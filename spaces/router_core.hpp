#pragma once

#include "spaces/space_types.hpp"

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <variant>
#include <vector>

namespace weft::spaces {

/// What a router asks of one shard. Every command has a ticket, under which
/// the shard answers. `space_core` has an operation of the same name for each.
namespace shard_command {

struct read {
  pattern what;
  duration timeout = duration::zero();
};
struct take {
  pattern what;
  std::optional<duration> claim_lease;
};
struct read_all {
  pattern what;
  std::size_t limit = 1;
};
struct take_all {
  pattern what;
  std::size_t limit = 1;
};
struct count {
  pattern what;
};
struct interest {
  pattern what;
  duration timeout = duration::zero();
  std::optional<duration> claim_lease;
};
struct take_offer {
  tuple_id id;
};
/// Ends whatever waits under the ticket; there is no answer.
struct withdraw {};

} // namespace shard_command

using any_shard_command =
    std::variant<shard_command::read, shard_command::take,
                 shard_command::read_all, shard_command::take_all,
                 shard_command::count, shard_command::interest,
                 shard_command::take_offer, shard_command::withdraw>;

/// What a router wants done, in this order.
namespace router_effect {

struct send {
  std::size_t shard = 0;
  spaces::ticket ticket = 0;
  any_shard_command command;
};

/// The request is done: tuples, none for a request that found none, or how
/// many there are. `shards[i]` has `answer.tuples[i]`, and has the claim.
struct answered {
  spaces::ticket ticket = 0;
  spaces::answer answer;
  std::vector<std::size_t> shards;
  std::uint64_t count = 0;
};

struct timed_out {
  spaces::ticket ticket = 0;
};

/// `unavailable`: shards are lost, and nothing was taken. `timed_out`: a shard
/// was lost that was to hand out a tuple; whether it did is unknown.
struct failed {
  spaces::ticket ticket = 0;
  failure why;
};

} // namespace router_effect

using any_router_effect =
    std::variant<router_effect::send, router_effect::answered,
                 router_effect::timed_out, router_effect::failed>;

/// Sends requests to the shards of a space and makes one answer of theirs.
///
/// A request that gives all routing fields goes to one shard; that is the
/// caller's to do, see `routing`. Any other comes here and goes to all:
///
/// - reads of many, takes of many and counts are asked of every shard and
///   merged by number of shard, each shard's in its own order;
/// - a take that does not wait asks one shard after the other, and begins with
///   another one each time;
/// - a read that waits waits at all shards; the first answer counts;
/// - a take that waits registers an interest at all shards. A shard with a
///   match offers its id and hides nothing. One offer at a time is claimed by
///   its id; when somebody was faster, the next offer is. The other interests
///   are withdrawn. Nothing is ever put back, so that a router or a shard that
///   dies in between can neither lose a tuple nor double it.
///
/// Order is that of one shard; between shards the first to offer wins.
///
/// When time is up while a claim is under way, its answer decides. That time is
/// up says only that nothing was got; a tuple may have been somewhere.
///
/// A shard that is lost answers no more; the others' answers count. What cannot
/// be said without it fails: a read of many, a count, that nothing was there,
/// and a wait that no shard is left for. A take of many that has got tuples
/// already answers with them.
///
/// Cost: O(shards) a request, O(1) an event. Not thread-safe.
class router_core {
public:
  /// `shards` is at least 1.
  explicit router_core(std::size_t shards);

  // Requests. The ticket must not be in use.

  void read(const pattern& what, const request& by, time_point now);
  void take(const pattern& what, const request& by, time_point now);
  void read_all(const pattern& what, std::size_t limit, ticket by);
  void take_all(const pattern& what, std::size_t limit, ticket by);
  void count(const pattern& what, ticket by);

  /// The client does not want an answer any more, or is dead. A tuple that is
  /// being handed to it may be taken all the same.
  void stop(ticket by);

  // Answers of shards. Those to tickets that are done are ignored.

  /// To read and take, and to take_offer: nothing when there was none.
  void on_found(std::size_t shard, ticket by, std::optional<found_tuple> what,
                claim_id claim);
  void on_many(std::size_t shard, ticket by, std::vector<found_tuple> what);
  void on_count(std::size_t shard, ticket by, std::uint64_t count);
  /// An interest's.
  void on_offer(std::size_t shard, ticket by, const tuple_id& id);
  /// The shard refuses what it was asked, and so would the others; but a tuple
  /// that is being handed out elsewhere is waited for.
  void on_refused(std::size_t shard, ticket by, failure why);

  /// The shard answers no more; new requests leave it out until `on_back`. Of
  /// those in `untouched` it never saw what it was to do last.
  void on_lost(std::size_t shard, const std::set<ticket>& untouched = {});
  /// It answers again: takes and reads that wait now wait there as well.
  void on_back(std::size_t shard, time_point now);

  /// Ends what is due.
  void advance(time_point now);
  std::optional<time_point> next_deadline() const;

  std::optional<any_router_effect> next_effect();

  std::size_t waiting() const { return requests_.size(); }

private:
  enum class form : std::uint8_t { read, take, one_by_one, many, count };

  struct offer {
    std::size_t shard = 0;
    tuple_id id;
  };

  struct pending {
    form kind = form::read;
    pattern what;
    std::optional<duration> claim_lease;
    std::optional<time_point> deadline;
    std::size_t limit = 0;
    /// The request takes; what a lost shard did is unknown.
    bool takes = false;
    /// Shards whose answer is awaited; of a take, where it has an interest.
    std::set<std::size_t> open;
    /// Of a take: offers that were not claimed yet, and the one that is.
    std::deque<offer> offers;
    std::optional<offer> claiming;
    bool time_is_up = false;
    /// Why it fails unless the claim that is under way gets the tuple.
    std::optional<failure> refusal;
    /// One by one: those that are still to be asked, and whether one is not.
    std::deque<std::size_t> next;
    bool left_out = false;
    std::vector<std::vector<found_tuple>> parts;
    std::uint64_t counted = 0;
  };

  using pending_map = std::unordered_map<ticket, pending>;

  pending_map::iterator begin(form kind, const pattern& what, ticket by);
  void send(std::size_t shard, ticket by, any_shard_command command);
  void send_to_all(pending_map::iterator one, const any_shard_command& command);
  void ask_first(pending_map::iterator one);
  void ask_next(pending_map::iterator one);
  void claim_next(pending_map::iterator one);
  void finish(pending_map::iterator one);
  void answer_found(pending_map::iterator one, std::size_t shard,
                    found_tuple what, claim_id claim);
  void answer_merged(pending_map::iterator one);
  void fail(pending_map::iterator one, failure why);
  void fail_lost(pending_map::iterator one, bool unknown);
  std::string lost_shards() const;
  void lose(pending_map::iterator one, std::size_t shard, bool touched);
  void lose_claim(pending_map::iterator one, bool touched);

  std::size_t shards_;
  std::vector<bool> lost_;
  pending_map requests_;
  std::set<std::pair<time_point, ticket>> deadlines_;
  std::size_t first_asked_ = 0;
  std::deque<any_router_effect> effects_;
};

} // namespace weft::spaces
