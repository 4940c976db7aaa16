#pragma once

#include "spaces/client_core.hpp"
#include "spaces/shard_core.hpp"
#include "tests/simulation/spaces/planted_bug.hpp"
#include "tests/simulation/spaces/virtual_time.hpp"

#include <memory>

namespace weft::spaces::simulation {

struct cluster_options {
  std::size_t shards = 2;
  std::size_t nodes = 2;
  /// Of frames, in a thousand.
  std::uint64_t loss = 30;
  std::uint64_t duplication = 30;
  duration delay_max = std::chrono::milliseconds{4};
  /// Of frames, in a thousand, and how late they may be.
  std::uint64_t stragglers = 10;
  duration straggler_delay_max = std::chrono::milliseconds{500};
  /// Frames travel as bytes, not as objects.
  bool as_bytes = false;
  /// How late a break is noticed; shorter ones are not.
  duration notice_min = std::chrono::milliseconds{10};
  duration notice_max = std::chrono::milliseconds{60};
  /// How long a shard keeps a session whose node is away.
  duration grace = std::chrono::milliseconds{200};
  client_options client;
  bug planted = bug::none;
};

/// One life of a shard: from its start, empty, to its crash.
struct shard_life {
  std::uint64_t began = 0;
  std::uint64_t ended = ~std::uint64_t{0};
};

/// Shards and nodes on a network in virtual time, with what their actors do:
/// begin sessions, put frames through links, notice who is gone.
///
///     node 0 --+-- shard 0        each line a way that delays, loses, doubles
///              |                  and reorders frames, breaks and comes back
///     node 1 --+-- shard 1
///
/// Nodes and shards crash; what comes in their place knows nothing.
class cluster {
public:
  /// What happens to those that use the cluster. No calls from within.
  struct observer {
    virtual ~observer() = default;
    virtual void on_answer(std::size_t node, call_number number,
                           const space_answer& answer) = 0;
    virtual void on_node_crash(std::size_t node) = 0;
    /// The shard has dropped what the users of the node have there.
    virtual void on_session_end(std::size_t node, std::size_t shard) = 0;
  };

  cluster(virtual_time& time, const cluster_options& options, observer& told);

  bool is_up(std::size_t node) const { return nodes_[node].core != nullptr; }
  void submit(std::size_t node, std::uint64_t user, call_number number,
              any_call what, std::optional<std::size_t> at = {});
  void drop_user(std::size_t node, std::uint64_t user);

  // Faults. What breaks comes back after that time.

  void break_way(std::size_t node, std::size_t shard, duration broken);
  void crash_node(std::size_t node, duration down);
  void crash_shard(std::size_t shard, duration down);

  // What a test may know.

  const std::vector<shard_life>& lives(std::size_t shard) const {
    return shards_[shard].lives;
  }
  /// The life that the node's session is with, or was last.
  std::size_t life_seen(std::size_t node, std::size_t shard) const {
    return nodes_[node].ways[shard].life;
  }
  shard_core* shard(std::size_t which) { return shards_[which].core.get(); }
  const client_core* node(std::size_t which) const {
    return nodes_[which].core.get();
  }
  const routing& where() const { return where_; }

private:
  struct node_way {
    std::size_t life = 0;
    /// Breaks until the session was begun or went on last.
    std::uint64_t opened_at = 0;
  };

  struct node_state {
    std::uint64_t life = 0;
    std::unique_ptr<client_core> core;
    std::vector<node_way> ways;
    std::optional<time_point> alarm;
  };

  using reply_link = session_link<session_reply, session_call>;

  struct session {
    std::uint64_t key = 0;
    std::size_t node = 0;
    std::uint64_t node_life = 0;
    bool away = false;
    /// Breaks until it was begun or went on last.
    std::uint64_t opened_at = 0;
    reply_link link;
    /// Of `bug::offer_takes`: what was taken, by the number of the interest.
    std::map<call_number, any_reply> taken_early;
  };

  struct shard_state {
    std::vector<shard_life> lives;
    std::unique_ptr<shard_core> core;
    std::map<std::uint64_t, session> sessions;
    std::optional<time_point> alarm;
  };

  struct way_state {
    bool broken = false;
    std::uint64_t breaks = 0;
    /// When the last message that keeps its order arrives.
    time_point last;
  };

  way_state& way(std::size_t node, std::size_t shard) {
    return ways_[node * shards_.size() + shard];
  }
  bool strikes(bug which) {
    return options_.planted == which && time_.once_in(4);
  }

  void start_node(std::size_t node);
  void start_shard(std::size_t shard);
  void flush_node(std::size_t node);
  void flush_shard(std::size_t shard);
  void set_node_alarm(std::size_t node);
  void set_shard_alarm(std::size_t shard);

  template <class Frame, class Arrive>
  void send_frame(std::size_t node, std::size_t shard, Frame frame,
                  Arrive arrive);
  template <class Arrive>
  void send_in_order(std::size_t node, std::size_t shard, Arrive arrive);

  void open(std::size_t node, std::size_t shard);
  void on_open(std::size_t node, std::uint64_t node_life, std::size_t shard,
               std::uint64_t key, bool resumes);
  link_options link_of_replies() const;
  void on_opened(std::size_t node, std::size_t shard, std::uint64_t key,
                 bool known);
  void notice_at_node(std::size_t node, std::size_t shard,
                      std::uint64_t breaks);
  void notice_at_shard(std::size_t node, std::size_t shard,
                       std::uint64_t breaks);
  void go_away(std::size_t shard, std::uint64_t id);
  void end_session(std::size_t shard, std::uint64_t id);
  std::uint64_t session_of(std::size_t shard, std::size_t node,
                           std::uint64_t node_life) const;

  void on_call_frame(std::size_t node, std::uint64_t node_life,
                     std::size_t shard, std::uint64_t key,
                     const call_frame& frame);
  void on_reply_frame(std::size_t node, std::size_t shard, std::uint64_t key,
                      const reply_frame& frame);
  void carry_out(shard_state& at, std::uint64_t id, const session_call& what);
  std::optional<any_reply> execute(shard_state& at, const caller& by,
                                   call_number number, any_call what);
  std::optional<any_reply> planted_before(shard_state& at, const caller& by,
                                          const any_call& what);
  void planted_after(shard_state& at, const caller& by, const any_call& what,
                     any_reply& made);
  void on_late(shard_state& at, shard_core::late_reply& late);

  virtual_time& time_;
  cluster_options options_;
  observer& told_;
  routing where_;
  std::vector<node_state> nodes_;
  std::vector<shard_state> shards_;
  std::vector<way_state> ways_;
  std::uint64_t next_session_ = 1;
  std::uint64_t next_node_life_ = 1;
  call_number next_planted_ = call_number{1} << 62;
};

} // namespace weft::spaces::simulation
