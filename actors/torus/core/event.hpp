#pragma once

#include "runtime/base/mix.hpp"

#include <cstdint>
#include <tuple>

namespace weft::torus {

/// Virtual time, in ticks from 0; below 2^63.
using virtual_time = std::uint64_t;

/// Names a site of any torus of a braid: the number of its torus times the
/// sites of a torus, and its number there.
using address = std::uint32_t;

/// The source of an event that no site has sent.
inline constexpr address outside = 0xFFFF'FFFF;

/// Something that happens to a site at a time. Payloads wrap modulo 2^32.
struct event {
  virtual_time time = 0;
  address destination = 0;
  address source = outside;
  std::int32_t payload = 0;

  friend bool operator==(const event&, const event&) = default;

  /// The order in which events run.
  friend bool operator<(const event& a, const event& b) {
    return std::tie(a.time, a.destination, a.source, a.payload)
           < std::tie(b.time, b.destination, b.source, b.payload);
  }
};

/// Source and payload as one number, in the order of both: of two events of
/// one time and one destination, the one with less runs first.
constexpr std::uint64_t rank(address source, std::int32_t payload) {
  return std::uint64_t{source} << 32
         | (static_cast<std::uint32_t>(payload) ^ 0x8000'0000U);
}

constexpr address source_of(std::uint64_t rank) {
  return static_cast<address>(rank >> 32);
}
constexpr std::int32_t payload_of(std::uint64_t rank) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(rank)
                                   ^ 0x8000'0000U);
}

/// A site's state after an event that a model has no other meaning for. It
/// depends on all events before, and on their order.
constexpr std::uint64_t after_event(std::uint64_t state, virtual_time time,
                                    address source, std::int32_t payload) {
  return (state ^ rank(source, payload)) * golden_step + time;
}

} // namespace weft::torus
