#pragma once

#include "actors/membership/member_state.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace weft::actors {

/// One instant on two clocks.
struct moment {
  /// For time-outs; any epoch, never set back.
  std::chrono::nanoseconds steady{0};
  /// For people: since 1970.
  std::chrono::nanoseconds wall{0};
};

/// What the core of a node's membership is made of.
struct membership_settings {
  std::string cluster;
  /// This node's name.
  std::string self;
  /// Grows with each start of this node's process; >= 1.
  std::uint64_t incarnation = 1;
  std::string config_hash;
  /// The effective configuration as JSON text.
  std::string config;
  /// All nodes in the order of the file.
  std::vector<std::string> nodes;
  /// The wait after the first failed dial, doubled after each further one up
  /// to `dial_max`, each shortened by a random part of at most a quarter.
  std::chrono::nanoseconds dial_first = std::chrono::milliseconds{50};
  std::chrono::nanoseconds dial_max = std::chrono::seconds{1};
  std::chrono::nanoseconds dial_timeout = std::chrono::seconds{5};
  std::chrono::nanoseconds hello_timeout = std::chrono::seconds{2};
  /// The dialing side repeats its hello so often, in case the other side has
  /// seen a connection die that this side has not.
  std::chrono::nanoseconds hello_interval = std::chrono::seconds{2};
  /// Observations that are kept a node.
  std::size_t observations_max = 100;
  /// Trouble in reaching a node is reported when it lasts so long, other
  /// trouble at once; again so long after when it is another, and every
  /// `report_interval` while it is the same.
  std::chrono::nanoseconds report_after = std::chrono::seconds{5};
  std::chrono::nanoseconds report_interval = std::chrono::minutes{1};
  /// Of the jitter.
  std::uint64_t seed = 0;
};

/// What a node says of itself in a hello or welcome.
struct introduction {
  std::string cluster;
  std::string node;
  std::uint64_t incarnation = 0;
  std::string config_hash;
  /// May be empty: then a difference cannot be named.
  std::string config;
  /// The newest incarnation of the other node that the speaker knows; 0: none.
  std::uint64_t known_incarnation = 0;
};

/// See `member_event`.
struct membership_event {
  std::string name;
  member_state state = member_state::absent;
  std::string reason;
  std::uint64_t incarnation = 0;
  std::uint64_t session = 0;
  std::chrono::nanoseconds at{0};

  friend bool operator==(const membership_event&,
                         const membership_event&) = default;
};

/// See `evidence`.
struct observation {
  std::string kind;
  std::string text;
  std::chrono::nanoseconds first_at{0};
  std::chrono::nanoseconds last_at{0};
  std::uint64_t times = 1;

  friend bool operator==(const observation&, const observation&) = default;
};

/// What is worth a line in a log: an observation of `node`.
struct membership_report {
  std::string node;
  /// See `evidence`.
  std::string kind;
  std::string text;

  friend bool operator==(const membership_report&,
                         const membership_report&) = default;
};

/// What `membership_core` wants done.
namespace membership_effect {

/// Connect to the node and report by `dialed`.
struct dial {
  std::string name;
  std::uint64_t attempt = 0;
};

/// Say hello to the node that was dialed (`again`: that is a member) and
/// report by `greeted`.
struct greet {
  std::string name;
  std::uint64_t attempt = 0;
  bool again = false;
};

/// The node is a member now: watch its entry actor and report its end by
/// `lost` with this session.
struct attend {
  std::string name;
  std::uint64_t session = 0;
};

/// It is none any more.
struct dismiss {
  std::string name;
};

/// Tell all watchers.
struct announce {
  membership_event event;
};

/// Others know a newer incarnation of this node: this process is a leftover
/// and must end. At most once.
struct fenced {
  std::string reason;
};

using any = std::variant<dial, greet, attend, dismiss, announce, fenced>;

} // namespace membership_effect

} // namespace weft::actors
