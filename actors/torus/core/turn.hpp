#pragma once

#include "actors/torus/core/torus_parts.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/base/mix.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace weft::torus {

/// What the handler of an event sees: its own site, and the way to send others.
/// Valid while the handler runs.
class turn {
public:
  turn(torus_parts& parts, virtual_time now)
      : parts_{parts}, sites_{parts.sites.data()}, edges_{parts.edges.data()},
        first_{parts.first}, sites_count_{parts.sites_count}, now_{now} {}

  virtual_time now() const { return now_; }

  /// The number of the site in its torus.
  std::uint32_t site() const { return number_; }
  address self() const { return first_ + number_; }

  /// The site's state.
  std::uint64_t& state() { return own_->state; }

  /// The next number of the site's own stream.
  std::uint64_t random() { return next_random(own_->random); }

  /// What the model keeps of the site, zeros at first.
  std::span<std::byte> record() {
    return {parts_.records.data() + number_ * parts_.record_bytes,
            parts_.record_bytes};
  }

  const lattice& shape() const { return parts_.shape; }
  std::uint32_t torus() const { return parts_.options.torus; }
  std::uint32_t tori() const { return parts_.options.tori; }

  /// Sends an event that arrives `delay` ticks from now, at least 1. To another
  /// torus it takes the braid's lookahead if that is more.
  void send(address to, std::uint32_t delay, std::int32_t payload) {
    WEFT_ASSERT(delay > 0);
    const auto within = to - first_;
    if (within < sites_count_) [[likely]]
      send_within(within, delay, payload);
    else
      send_across(to, delay, payload);
  }

  /// Sends an event along each edge of the site, in the order in which they
  /// were made. If the payload of the event that runs is above 0, each becomes
  /// faster by a tick before, else slower.
  void send_along_edges(std::int32_t received, std::int32_t payload) {
    for (auto next = own_->first_edge; next != no_edge;) {
      auto& one = edges_[next];
      next = one.next;
      const auto within = one.to - first_;
      if (within < sites_count_) [[likely]] {
        one.delay = adapted(one.delay, received, 1);
        send_within(within, one.delay, payload);
      } else {
        one.delay = adapted(one.delay, received, parts_.options.lookahead);
        send_across(one.to, one.delay, payload);
      }
    }
  }

  // For the kernel.

  /// Goes to a site. Returns its `newest`, and clears it.
  std::uint32_t enter(std::uint32_t number) {
    number_ = number;
    own_ = sites_ + number;
    return std::exchange(own_->newest, 0);
  }
  const step_totals& totals() const { return totals_; }

private:
  std::uint32_t adapted(std::uint32_t delay, std::int32_t received,
                        std::uint32_t least) const {
    return received > 0 ? std::max(delay - 1, least)
                        : std::min(delay + 1, parts_.options.edge_delay_max);
  }

  void send_within(std::uint32_t to, std::uint32_t delay,
                   std::int32_t payload) {
    ++totals_.within;
    if (!parts_.pending.put(now_ + delay, to, rank(self(), payload)))
        [[unlikely]]
      ++totals_.within_refused;
  }

  void send_across(address to, std::uint32_t delay, std::int32_t payload) {
    ++totals_.across;
    const auto takes = std::max(delay, parts_.options.lookahead);
    if (!parts_.add_crossing({now_ + takes, to, self(), payload}))
      ++totals_.across_refused;
  }

  torus_parts& parts_;
  // As in `parts_`, at hand.
  weft::torus::site* const sites_;
  edge* const edges_;
  const address first_;
  const std::uint32_t sites_count_;

  const virtual_time now_;
  std::uint32_t number_ = 0;
  weft::torus::site* own_ = nullptr;
  step_totals totals_;
};

} // namespace weft::torus
