#pragma once

#include "spaces/router_core.hpp"
#include "spaces/routing.hpp"
#include "spaces/session_link.hpp"

#include <map>
#include <set>
#include <unordered_map>

namespace weft::spaces {

/// What a session carries to a shard, and back.
struct session_call {
  call_number number = 0;
  std::uint64_t user = 0;
  any_call what;
};

struct session_reply {
  call_number number = 0;
  any_reply what;
};

using call_frame = session_frame<session_call>;
using reply_frame = session_frame<session_reply>;

/// The answer to a caller of a space.
struct space_answer {
  any_reply what;
  /// The shard that it comes from, if it is one.
  std::optional<std::uint32_t> shard;
  /// Of `call::statistics`: each shard's.
  std::vector<space_statistics> statistics;
};

/// The answer that is one shard's reply.
space_answer answer_of(std::size_t shard, any_reply&& what);

/// Where an answer is to go: kept with the call, never looked into.
struct answer_address {
  std::shared_ptr<void> to;
  std::uint32_t index = 0;
};

struct client_options {
  link_options link;
  /// How long a shard may be away before the calls to it fail.
  duration patience = std::chrono::seconds{5};
  /// Calls that are not answered; more are refused with `exhausted`.
  std::size_t calls_max = 1'000'000;
};

namespace client_effect {

struct send {
  std::size_t shard = 0;
  call_frame frame;
};

struct answered {
  std::uint64_t user = 0;
  call_number number = 0;
  space_answer answer;
  answer_address address;
};

} // namespace client_effect

using any_client_effect =
    std::variant<client_effect::send, client_effect::answered>;

/// One node's way to all shards of a space: finds the shards that a call is
/// for, keeps a session with each, and makes one answer of theirs.
///
/// Shards come and go. One that is away may come back within `patience`, and
/// the session with it goes on: nothing is lost or done twice. If it does not,
/// or if what comes back is an empty successor, it is lost: calls that it may
/// have carried out fail with `timed_out`; those that change nothing or were
/// never sent, with `unavailable`. A watch ends with the first of its shards
/// that is lost.
///
/// Every call is answered once, but for `stop` of what is not there any more
/// (which is `done`) and `leave`. Not thread-safe. Cost: O(log calls) a call,
/// and O(shards) for one that goes to all.
class client_core {
public:
  client_core(routing where, const client_options& options);

  /// `number` is not in use; `at` as for `routing::target_of`. The address is
  /// given back with the answer, or dropped when there will be none.
  void submit(std::uint64_t user, call_number number, any_call what,
              std::optional<std::size_t> at, time_point now,
              answer_address address = {});

  /// The user is gone; what it asked for is ended unanswered, what it holds
  /// released.
  void drop_user(std::uint64_t user, time_point now);

  /// The session with the shard as it is called there. Another one each time
  /// that the shard was lost.
  std::uint64_t session_with(std::size_t shard) const {
    return ways_[shard].session;
  }

  /// Whether something was sent in it: a shard that does not know it may not
  /// begin it, for a second attempt would find it known.
  bool resumes(std::size_t shard) const { return ways_[shard].link.has_sent(); }

  /// The shard was reached. `known`: it goes on with the present session;
  /// otherwise it has begun it or, if it `resumes`, has not: that session is
  /// lost, the shard is not up, and a new session is to be begun.
  void on_up(std::size_t shard, bool known, time_point now);
  /// The way to the shard broke; it may come back.
  void on_away(std::size_t shard, time_point now);
  void on_frame(std::size_t shard, reply_frame frame, time_point now);

  void advance(time_point now);
  std::optional<time_point> next_deadline() const;

  /// Frames come last, so that calls made one after the other share one.
  std::optional<any_client_effect> next_effect(time_point now);

  std::size_t open_calls() const { return singles_ + calls_.size(); }
  /// Answers that shards owe.
  std::size_t awaited() const;
  /// Whether the user waits for, claims or watches anything, or has: it is to
  /// be dropped when it dies.
  bool knows(std::uint64_t user) const { return users_.contains(user); }
  bool is_up(std::size_t shard) const { return ways_[shard].up; }

private:
  /// A call to one shard that is over with the shard's reply; in a list of all
  /// those of its user.
  struct single_call {
    std::size_t shard = 0;
    call_number number = 0;
    std::uint64_t user = 0;
    answer_address address;
    /// It takes, writes or otherwise leaves a trace.
    bool changes = false;
    single_call* previous = nullptr;
    single_call* next = nullptr;
  };

  /// Who asked, and where the answer goes.
  struct asker {
    std::uint64_t user = 0;
    call_number number = 0;
    answer_address address;
  };

  using single_map = std::unordered_map<call_number, single_call>;

  /// An answer that a shard owes to another call.
  struct awaited_answer {
    std::uint64_t user = 0;
    /// The call or watch that it is for.
    call_number made_for = 0;
  };

  /// One shard as it is seen from here.
  struct way {
    explicit way(const link_options& options) : link{options} {}

    bool up = false;
    std::uint64_t session = 1;
    /// When it is lost, if it does not come.
    std::optional<time_point> deadline;
    session_link<session_call, session_reply> link;
    single_map singles;
    std::map<call_number, awaited_answer> open;
  };

  enum class form : std::uint8_t { scattered, gathered, watch, fetch };

  /// A call that is over with more than one reply.
  struct open_call {
    form kind = form::scattered;
    std::uint64_t user = 0;
    answer_address address;
    /// It takes, writes or otherwise leaves a trace.
    bool changes = false;
    /// Of a scattered one: its answer is a number, or may be many tuples.
    bool counts = false;
    bool many = false;
    /// Shards that are still to answer.
    std::set<std::size_t> shards;
    std::uint64_t counted = 0;
    std::vector<space_statistics> statistics;
    /// Of a fetch: its watch, how many events it takes, and when its time is
    /// up; if it does not wait, nothing.
    call_number of = 0;
    std::size_t limit = 0;
    std::optional<time_point> deadline;
  };

  /// A watch over one shard or all.
  struct open_watch {
    std::uint64_t user = 0;
    std::set<std::size_t> shards;
    /// Shards that a fetch is under way to, by the fetch's number there.
    std::map<std::size_t, call_number> asked;
    /// What came when nobody asked: shards are not asked while there is some.
    std::deque<watch_event> events;
    std::uint64_t dropped = 0;
    bool more = false;
    /// The fetch that waits.
    std::optional<call_number> waiting;
    /// A shard has ended it, or was lost.
    bool ended = false;
  };

  using call_map = std::unordered_map<call_number, open_call>;

  call_map::iterator begin(form kind, asker&& by);
  void submit_single(asker&& by, any_call&& what, std::size_t shard);
  void submit_scattered(asker&& by, const any_call& what);
  void submit_gathered(asker&& by, const any_call& what);
  void submit_watch(asker&& by, const call::watch& what,
                    std::optional<std::size_t> shard);
  void submit_fetch(asker&& by, const call::fetch& what);
  void submit_stop(asker&& by, call_number of);
  result<void> check(const any_call& what,
                     std::optional<std::size_t> target) const;
  void end_call(call_map::iterator which);
  void end_single(single_map::iterator which);
  void end_watch(call_number which);
  void ask_for_events(call_map::iterator fetch, std::size_t shard);

  void push(std::size_t shard, const awaited_answer& by, call_number number,
            any_call&& what);
  void send_stop(std::size_t shard, std::uint64_t user, call_number of);
  void withdraw(std::size_t shard, call_number of);
  void answer(call_map::iterator which, space_answer&& with);
  void answer(call_map::iterator which, any_reply&& with);
  void answer(single_map::iterator which, space_answer&& with);
  void refuse(asker&& by, failure why);
  void answer(asker&& by, space_answer&& with);
  void drain_router();
  void carry_out(router_effect::send& what);
  void carry_out(router_effect::answered& what);
  void carry_out(router_effect::timed_out& what);
  void carry_out(router_effect::failed& what);

  void on_reply(std::size_t shard, session_reply& what);
  void on_scattered(std::size_t shard, call_map::iterator one,
                    any_reply&& what);
  void on_gathered(std::size_t shard, call_map::iterator one, any_reply&& what);
  void on_watching(std::size_t shard, call_map::iterator one, any_reply&& what);
  void on_events(std::size_t shard, call_number watch, any_reply&& what);
  void hand_events(open_watch& watch);
  void lose(std::size_t shard);
  void lose_call(std::size_t shard, call_number which, bool sent);
  void lose_watch(std::size_t shard, call_number which);

  time_point now_;
  routing where_;
  client_options options_;
  std::vector<way> ways_;
  router_core router_;
  call_map calls_;
  /// Single calls on all ways.
  std::size_t singles_ = 0;
  std::unordered_map<call_number, open_watch> watches_;
  /// Of fetches.
  std::set<std::pair<time_point, call_number>> deadlines_;
  struct user_state {
    /// Where it may hold something.
    std::set<std::size_t> visited;
    /// The youngest of its single calls.
    single_call* singles = nullptr;
    std::set<call_number> calls;
    std::set<call_number> watches;

    bool empty() const {
      return visited.empty() && !singles && calls.empty() && watches.empty();
    }
  };
  std::unordered_map<std::uint64_t, user_state> users_;
  /// For calls of its own; callers' numbers are below.
  call_number next_number_ = call_number{1} << 63;
  std::deque<any_client_effect> effects_;
};

} // namespace weft::spaces
