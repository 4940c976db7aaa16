#pragma once

#include "actors/membership/member_state.hpp"
#include "actors/membership/membership_effects.hpp"
#include "runtime/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::actors {

/// Who of the cluster file's nodes is present, as seen from one of them, by
/// connections alone: each node dials those before it in the file, they
/// exchange hellos, and a lost connection is a lost node. A plain class: it is
/// told what happens and hands out what is to be done, in order.
class membership_core {
public:
  /// `settings.self` stands in `settings.nodes`.
  membership_core(membership_settings settings, moment now);

  /// Dials what is due, and gives up what takes too long.
  void tick(moment now);

  /// When `tick` is to be called next, in steady time, if at all.
  std::optional<std::chrono::nanoseconds> next_wake() const;

  /// The answer to a `membership_effect::dial`; a late one is ignored.
  void dialed(const std::string& name, std::uint64_t attempt,
              result<void> outcome, moment now);

  /// The answer to a `membership_effect::greet`; a late one is ignored.
  void greeted(const std::string& name, std::uint64_t attempt,
               result<introduction> outcome, moment now);

  /// A node says hello; `verified` is the name that the carrier vouches for,
  /// or why it does not, or nothing where names cannot be verified. Fails as
  /// `node_entry_actor` says.
  result<void> heard(const introduction& from,
                     const std::optional<result<std::string>>& verified,
                     moment now);

  /// The connection to a node that `membership_effect::attend` named is lost.
  void lost(const std::string& name, std::uint64_t session,
            const std::string& reason, moment now);

  /// True when the node was present in this incarnation.
  bool said_goodbye(const std::string& name, std::uint64_t incarnation,
                    const std::string& reason, moment now);

  /// This node leaves: it dials and accepts nobody from now on.
  void leave(const std::string& reason, moment now);

  /// The newest incarnation of a node that is known here; 0: none.
  std::uint64_t known_incarnation(const std::string& name) const;

  /// What is to be done since the last call, in order.
  std::vector<membership_effect::any> take_effects() {
    return std::exchange(effects_, {});
  }

  /// What is to be logged since the last call, in order; see
  /// `membership_settings::report_after`.
  std::vector<membership_report> take_reports() {
    return std::exchange(reports_, {});
  }

  struct peer_view {
    std::string name;
    member_state state = member_state::absent;
    /// Of a node that is not present: with what was last observed of it.
    std::string reason;
    std::uint64_t incarnation = 0;
    std::uint64_t session = 0;
    std::chrono::nanoseconds since{0};
    std::uint64_t restarts = 0;
  };

  /// All nodes of the file in its order.
  std::vector<peer_view> peers() const;

  /// What was observed of a node, the oldest first; `not_found`.
  result<std::vector<observation>> explain(std::string_view name) const;

  /// The event that tells a new watcher of a present node.
  std::vector<membership_event> present() const;

  const membership_settings& settings() const { return settings_; }

private:
  enum class phase : std::uint8_t { idle, dialing, greeting, settled };

  /// What keeps a node away, and what was reported of that.
  struct trouble {
    std::optional<std::chrono::nanoseconds> since;
    std::optional<std::chrono::nanoseconds> reported_at;
    std::string reported;
  };

  struct peer {
    peer_view view;
    bool we_dial = false;
    phase now = phase::idle;
    std::uint64_t attempt = 0;
    /// When the phase is over, in steady time.
    std::chrono::nanoseconds due{0};
    std::chrono::nanoseconds up_since{0};
    std::uint32_t failures = 0;
    std::uint64_t left_incarnation = 0;
    std::deque<observation> observed;
    trouble away;
  };

  static bool is_present(const peer& of);
  peer* find(std::string_view name);
  const peer* find(std::string_view name) const;
  peer& self() { return *find(settings_.self); }
  void observe(peer& of, std::string kind, std::string_view text, moment now);
  void report(peer& of, const std::string& kind, const std::string& text,
              moment now);
  std::string reason_of(const peer& of) const;
  void announce(const peer& of, member_state state, moment now);
  void wait_to_dial(peer& of, moment now);
  void fail_attempt(peer& of, const std::string& kind, const std::string& why,
                    moment now);
  void fence(const std::string& reason);
  void go_down(peer& of, const std::string& reason, moment now);
  result<void> check(const introduction& from,
                     const std::optional<result<std::string>>& verified) const;
  result<void> admit(peer& of, std::uint64_t incarnation, moment now);
  void fail_greeting(peer& of, const failure& why, moment now);
  std::chrono::nanoseconds jittered(std::chrono::nanoseconds delay);

  membership_settings settings_;
  std::vector<peer> peers_;
  bool leaving_ = false;
  bool fenced_ = false;
  std::uint64_t last_attempt_ = 0;
  std::uint64_t random_;
  std::vector<membership_effect::any> effects_;
  std::vector<membership_report> reports_;
};

} // namespace weft::actors
