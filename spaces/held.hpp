#pragma once

#include "runtime/base/timer_wheel.hpp"
#include "spaces/interest_index.hpp"
#include "spaces/space_types.hpp"

#include <set>
#include <unordered_set>

/// What a space keeps for its clients.
namespace weft::spaces {

/// What a request waits for.
enum class wait_kind : std::uint8_t {
  read,
  take,
  collect_read,
  collect_take,
  interest,
};

/// A request that waits.
struct waiter {
  wait_kind kind = wait_kind::read;
  client_id client = 0;
  std::uint64_t rank = 0;
  std::optional<duration> claim_lease;
  /// Of a collect or an interest.
  std::vector<pattern> patterns;
  timer_wheel::timer timer = timer_wheel::no_timer;
  /// In the index of readers or of takers; a collect may have more than one.
  interest_index::item interest = interest_index::none;
  std::vector<interest_index::item> more_interests;
  /// Of an interest.
  std::optional<tuple_id> offer;
};

/// Tuples that one client has hidden.
struct claim {
  client_id client = 0;
  std::vector<place> places;
  timer_wheel::timer timer = timer_wheel::no_timer;
};

/// All that is to be released when a client dies.
struct holdings {
  std::unordered_set<ticket> waits;
  std::unordered_set<ticket> watches;
  std::unordered_set<ticket> barriers;
  std::set<claim_id> claims;

  bool empty() const {
    return waits.empty() && watches.empty() && barriers.empty()
           && claims.empty();
  }
};

/// A participant that waits.
struct barrier_wait {
  client_id client = 0;
  timer_wheel::timer timer = timer_wheel::no_timer;
};

} // namespace weft::spaces
