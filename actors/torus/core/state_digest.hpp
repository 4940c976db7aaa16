#pragma once

#include "actors/torus/core/event.hpp"
#include "runtime/base/mix.hpp"

#include <cstdint>

namespace weft::torus {

/// Sums up the state of a torus in 64 bits. What has an order (sites, and the
/// edges of each) is added in that order; events may come in any order.
class state_digest {
public:
  constexpr void add(std::uint64_t word) {
    ordered_ = mixed(ordered_ + golden_step + word);
  }

  constexpr void add(const event& what) {
    auto one = mixed(golden_step + what.time);
    one = mixed(one + what.destination);
    events_ += mixed(one + rank(what.source, what.payload));
  }

  constexpr std::uint64_t value() const { return mixed(ordered_ ^ events_); }

private:
  std::uint64_t ordered_ = 0;
  std::uint64_t events_ = 0;
};

} // namespace weft::torus
