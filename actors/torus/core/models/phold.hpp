#pragma once

#include "actors/torus/core/event.hpp"
#include "actors/torus/core/exponential.hpp"
#include "actors/torus/core/lattice.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace weft::torus {

enum class phold_destination : std::uint8_t {
  /// One of the six sites beside.
  neighbour,
  /// Any site of the torus.
  uniform,
};

/// The standard load of parallel simulators: a fixed population of tokens that
/// wander from site to site. Each event draws a destination and how long it
/// takes, and sends its payload on.
///
/// Fujimoto 1990, "Performance of Time Warp under synthetic workloads".
class phold {
public:
  /// Ticks that a token takes: so many, and a random part of this mean.
  static constexpr std::uint32_t delay_min = 100;
  static constexpr std::uint32_t delay_mean = 900;

  /// `remote`: the probability, 0 to 1, that a token goes to another torus,
  /// to any site of it. Without effect where there is one torus.
  phold(phold_destination destination, double remote);

  std::string description() const;
  std::size_t record_bytes() const { return 0; }

  /// How long a token takes, from 64 random bits.
  static std::uint32_t delay(std::uint64_t random) {
    return delay_min + exponential_ticks(random, delay_mean);
  }

  template <class Turn>
  void handle(Turn& at, address source, std::int32_t payload) const {
    at.state() = after_event(at.state(), at.now(), source, payload);
    const auto takes = delay(at.random());
    const auto draw = at.random();
    if (draw >> 32 < remote_ && at.tori() > 1) [[unlikely]]
      at.send(elsewhere(at), takes, payload);
    else
      at.send(nearby(at, static_cast<std::uint32_t>(draw)), takes, payload);
  }

  /// Means nothing physical.
  std::int32_t observe(std::uint64_t state) const {
    return static_cast<std::int32_t>(state >> 32);
  }

private:
  /// A number below `end`, from 32 random bits.
  static std::uint32_t below(std::uint32_t end, std::uint32_t random) {
    return static_cast<std::uint32_t>(std::uint64_t{random} * end >> 32);
  }

  template <class Turn>
  address nearby(const Turn& at, std::uint32_t random) const {
    const auto first = at.self() - at.site();
    if (destination_ == phold_destination::uniform)
      return first + below(at.shape().sites(), random);
    return first
           + at.shape().neighbour(at.site(),
                                  below(lattice::directions, random));
  }

  template <class Turn>
  address elsewhere(Turn& at) const {
    const auto draw = at.random();
    const auto other = below(at.tori() - 1, static_cast<std::uint32_t>(draw));
    const auto torus = other < at.torus() ? other : other + 1;
    const auto sites = at.shape().sites();
    return torus * sites + below(sites, static_cast<std::uint32_t>(draw >> 32));
  }

  phold_destination destination_;
  /// Of 2^32.
  std::uint64_t remote_;
};

} // namespace weft::torus
