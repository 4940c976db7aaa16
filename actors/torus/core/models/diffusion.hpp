#pragma once

#include "actors/torus/core/event.hpp"
#include "actors/torus/core/lattice.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace weft::torus {

/// A quantity that flows to where there is less of it, and of which nothing is
/// ever lost: each site's state is a signed 64-bit amount. Every `step` ticks a
/// site gives an eighth of what it has, rounded towards 0, to each of its six
/// neighbours. That is one step of the explicit scheme for the heat equation
///
///     q' = q + (the sum over its neighbours of (neighbour - q)) / 8
///
/// What flows is on its way for a tick, in events that have it as payload. An
/// event of a site to itself is its clock; where the lattice is so narrow that
/// a site is its own neighbour, it keeps that share. What comes from outside
/// is added, too.
class diffusion {
public:
  static constexpr std::int64_t share = 8;

  /// `step`: ticks, at least 2.
  explicit diffusion(std::uint32_t step);

  std::string description() const;
  std::size_t record_bytes() const { return 0; }

  template <class Turn>
  void handle(Turn& at, address source, std::int32_t payload) const {
    if (source != at.self()) {
      at.state() += static_cast<std::uint64_t>(std::int64_t{payload});
      return;
    }
    const auto flow = flow_of(at.state());
    const auto first = at.self() - at.site();
    for (std::uint32_t way = 0; way < lattice::directions && flow != 0; ++way) {
      const auto to = first + at.shape().neighbour(at.site(), way);
      if (to == at.self())
        continue;
      at.state() -= static_cast<std::uint64_t>(std::int64_t{flow});
      at.send(to, 1, flow);
    }
    at.send(at.self(), step_, 0);
  }

  /// The amount itself, as far as 32 bits go.
  std::int32_t observe(std::uint64_t state) const { return narrowed(state); }

  /// Adds to the amount.
  void correct(std::uint64_t& state, std::int64_t by) const {
    state += static_cast<std::uint64_t>(by);
  }

private:
  static std::int32_t narrowed(std::uint64_t amount) {
    using limits = std::numeric_limits<std::int32_t>;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(
        static_cast<std::int64_t>(amount), limits::min(), limits::max()));
  }
  static std::int32_t flow_of(std::uint64_t state) {
    return narrowed(
        static_cast<std::uint64_t>(static_cast<std::int64_t>(state) / share));
  }

  std::uint32_t step_;
};

} // namespace weft::torus
