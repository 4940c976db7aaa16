#pragma once

#include "actors/torus/core/event.hpp"

#include <cstdint>

namespace weft::torus {

/// What happened in a torus since its start, over restores.
struct torus_counters {
  /// Events that its sites sent, or that came from outside, refused ones too.
  std::uint64_t created = 0;
  /// Events that came from other tori, refused ones too.
  std::uint64_t accepted = 0;
  /// Events whose handler ran.
  std::uint64_t processed = 0;
  /// Events that were given to other tori.
  std::uint64_t sent = 0;
  /// Events that had no room, or lay in the past or too far ahead.
  std::uint64_t refused = 0;
  /// States that were corrected; no events.
  std::uint64_t corrections = 0;
  /// Events from other tori that came after their time; each is refused.
  std::uint64_t causality_violations = 0;
  /// When the last event ran.
  virtual_time last_event = 0;

  friend bool operator==(const torus_counters&,
                         const torus_counters&) = default;

  /// No event is lost and none is doubled. Over a whole braid `accepted` and
  /// `sent` differ by the events on their way.
  bool conserved(std::uint64_t pending) const {
    return created + accepted == processed + pending + sent + refused;
  }
};

/// What the events of one time step have sent.
struct step_totals {
  /// To sites of their own torus, and how many of these had no room.
  std::uint64_t within = 0;
  std::uint64_t within_refused = 0;
  /// To other tori, and how many of these had no room.
  std::uint64_t across = 0;
  std::uint64_t across_refused = 0;
};

} // namespace weft::torus
