#pragma once

#include "runtime/base/mix.hpp"
#include "spaces/calls.hpp"
#include "spaces/space_core.hpp"

#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace weft::spaces {

/// Who calls a shard. A session is one way to the shard (a node's, or the
/// shard's own node); users are told apart within it.
struct caller {
  std::uint64_t session = 0;
  std::uint64_t user = 0;

  friend auto operator<=>(const caller&, const caller&) = default;
};

/// One shard of a space behind calls and replies: what its actor runs.
///
/// A session's numbers are never used twice. A call is answered at once, by
/// `submit`, or later, by `next_reply`; `leave` has no answer, and what a
/// `stop` or a `leave` ends has none either.
///
/// Not thread-safe. Cost: that of the operation in `space_core`, and O(1).
class shard_core {
public:
  /// As for `space_core`; a shard that follows another has a seed of its own,
  /// so that no claim of the one is a claim of the other.
  shard_core(const space_options& options, std::uint64_t seed)
      : space_{options, seed, (mixed(seed) >> 16) + 1} {}

  /// Begins to load what calls that came together look for, each in a member
  /// `what`; before the first of them is submitted.
  template <class Calls>
  void prefetch(const Calls& calls) {
    ahead_.clear();
    for (const auto& each : calls)
      if (const auto* what = sought_by(each.what))
        ahead_.push_back(what);
    if (ahead_.size() >= prefetched_min)
      space_.prefetch(ahead_);
  }

  /// The answer, unless it comes later or never.
  std::optional<any_reply> submit(const caller& by, call_number number,
                                  any_call what, time_point now);

  /// Whether the user waits for, claims or watches anything, or has: it is
  /// to be dropped when it dies.
  bool knows(const caller& who) const { return clients_.contains(who); }

  /// The user is gone: what it waits for is ended, what it claims put back.
  void drop_user(const caller& who, time_point now);
  /// All users of the session are gone, and none gets what another claimed.
  void drop_session(std::uint64_t session, time_point now);

  /// Carries out what is due.
  void advance(time_point now);
  std::optional<time_point> next_deadline() const;

  struct late_reply {
    caller to;
    call_number number = 0;
    any_reply what;
  };
  std::optional<late_reply> next_reply();

  space_statistics statistics() const { return space_.statistics(); }

private:
  enum class waits_for : std::uint8_t { tuples, offers, events, gathering };

  /// A call that is not done.
  struct open_call {
    caller by;
    call_number number = 0;
    waits_for kind = waits_for::tuples;
  };

  /// A fetch that waits until its watch has events.
  struct open_fetch {
    call_number number = 0;
    std::size_t limit = 0;
    time_point deadline;
  };

  /// A list that is handed out part by part.
  struct open_list {
    std::vector<new_tuple> tuples;
    std::size_t next = 0;
  };

  struct client {
    client_id id = 0;
    std::unordered_set<ticket> open;
    /// By their numbers, which grow.
    std::map<std::uint64_t, open_list> lists;
  };

  struct submission {
    const caller& by;
    call_number number;
    time_point now;
  };

  /// So many at least, or it costs more than it saves.
  static constexpr std::size_t prefetched_min = 4;

  /// What a call reads or takes; null if it does neither.
  static const pattern* sought_by(const any_call& what);

  using client_map = std::map<caller, client>;
  using answer_now = std::optional<any_reply>;

  answer_now carry_out(call::write& what, const submission& how);
  answer_now carry_out(call::read& what, const submission& how);
  answer_now carry_out(call::take& what, const submission& how);
  answer_now carry_out(call::read_all& what, const submission& how);
  answer_now carry_out(call::take_all& what, const submission& how);
  answer_now carry_out(call::collect& what, const submission& how);
  answer_now carry_out(call::count& what, const submission& how);
  answer_now carry_out(call::swap& what, const submission& how);
  answer_now carry_out(call::renew& what, const submission& how);
  answer_now carry_out(call::cancel& what, const submission& how);
  answer_now carry_out(call::confirm& what, const submission& how);
  answer_now carry_out(call::release& what, const submission& how);
  answer_now carry_out(call::renew_claim& what, const submission& how);
  answer_now carry_out(call::interest& what, const submission& how);
  answer_now carry_out(call::take_offer& what, const submission& how);
  answer_now carry_out(call::stop& what, const submission& how);
  answer_now carry_out(call::watch& what, const submission& how);
  answer_now carry_out(call::fetch& what, const submission& how);
  answer_now carry_out(call::arrive& what, const submission& how);
  answer_now carry_out(call::statistics& what, const submission& how);
  answer_now carry_out(call::clear& what, const submission& how);
  answer_now carry_out(call::leave& what, const submission& how);
  answer_now carry_out(call::list& what, const submission& how);
  answer_now carry_out(call::next_part& what, const submission& how);
  answer_now carry_out(call::carry& what, const submission& how);

  void drop(client_map::iterator first, client_map::iterator last,
            time_point now);
  /// The number under which the space knows the user; 0 if it does not.
  client_id id_of(const caller& who) const;
  /// The same, and gets to know it.
  client_id meet(const caller& who);
  request request_for(const submission& how, duration timeout,
                      const std::optional<duration>& claim_lease);
  void open(ticket under, const submission& how, waits_for kind);
  void close(ticket which);
  std::optional<ticket> find(const caller& by, call_number number) const;
  answer_now one_or_wait(result<std::optional<space_core::taken>> got,
                         ticket under, const submission& how);

  std::optional<late_reply> to_reply(effect::answered& what);
  std::optional<late_reply> to_reply(effect::timed_out& what);
  std::optional<late_reply> to_reply(effect::refused& what);
  std::optional<late_reply> to_reply(effect::offered& what);
  std::optional<late_reply> to_reply(effect::events_ready& what);
  std::optional<late_reply> to_reply(effect::watch_ended& what);
  std::optional<late_reply> to_reply(effect::gathered& what);
  std::optional<late_reply> to_reply(effect::not_gathered& what);
  std::optional<late_reply> finish(ticket which, any_reply with);
  std::optional<late_reply> finish_fetch(ticket watch);
  void stop_watch(ticket which);
  any_reply news(ticket watch, std::size_t limit);
  any_reply next_part_of(client& who, std::uint64_t list);
  void drop_fetch(ticket watch);

  space_core space_;
  /// What is due until then was carried out.
  std::optional<time_point> advanced_to_;
  ticket next_ticket_ = 1;
  client_id next_client_ = 1;
  client_map clients_;
  std::unordered_map<ticket, open_call> open_;
  std::map<std::pair<std::uint64_t, call_number>, ticket> tickets_;
  /// By the watch's ticket.
  std::unordered_map<ticket, open_fetch> fetches_;
  std::set<std::pair<time_point, ticket>> fetch_deadlines_;
  std::deque<late_reply> late_;
  /// Of `prefetch`, kept for its memory.
  std::vector<const pattern*> ahead_;
};

} // namespace weft::spaces
