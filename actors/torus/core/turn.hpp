#pragma once

#include "actors/torus/core/torus_parts.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/base/mix.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weft::torus {

/// What the handler of an event sees: its own site, and the way to send others.
/// Valid while the handler runs.
class turn {
public:
  turn(torus_parts& parts, virtual_time now) : parts_{parts}, now_{now} {}

  virtual_time now() const { return now_; }

  /// The number of the site in its torus.
  std::uint32_t site() const { return site_; }
  address self() const { return parts_.first + site_; }

  /// The site's state.
  std::uint64_t& state() { return parts_.sites[site_].state; }

  /// The next number of the site's own stream.
  std::uint64_t random() { return next_random(parts_.sites[site_].random); }

  /// What the model keeps of the site, zeros at first.
  std::span<std::byte> record() {
    return {parts_.records.data() + site_ * parts_.record_bytes,
            parts_.record_bytes};
  }

  const lattice& shape() const { return parts_.shape; }
  std::uint32_t torus() const { return parts_.options.torus; }
  std::uint32_t tori() const { return parts_.options.tori; }

  /// Sends an event that arrives `delay` ticks from now, at least 1. To another
  /// torus it takes the braid's lookahead if that is more.
  void send(address to, std::uint32_t delay, std::int32_t payload) {
    WEFT_ASSERT(delay > 0);
    const auto own = to - parts_.first;
    if (own < parts_.sites_count) [[likely]]
      send_within(own, delay, payload);
    else
      send_across(to, delay, payload);
  }

  /// Sends an event along each edge of the site, in the order in which they
  /// were made. If the payload of the event that runs is above 0, all of them
  /// become faster by a tick before, else slower.
  void send_along_edges(std::int32_t received, std::int32_t payload) {
    for (auto next = parts_.sites[site_].first_edge; next != no_edge;) {
      auto& one = parts_.edges[next];
      const auto own = one.to - parts_.first;
      const auto within = own < parts_.sites_count;
      const auto least = within ? 1 : parts_.options.lookahead;
      one.delay = received > 0
                      ? std::max(one.delay - 1, least)
                      : std::min(one.delay + 1, parts_.options.edge_delay_max);
      next = one.next;
      if (within) [[likely]]
        send_within(own, one.delay, payload);
      else
        send_across(one.to, one.delay, payload);
    }
  }

  // For the kernel.

  void enter(std::uint32_t site) { site_ = site; }
  const step_totals& totals() const { return totals_; }

private:
  void send_within(std::uint32_t to, std::uint32_t delay,
                   std::int32_t payload) {
    ++totals_.within;
    if (!parts_.pending.put(now_ + delay, to, self(), payload)) [[unlikely]]
      ++totals_.within_refused;
  }

  void send_across(address to, std::uint32_t delay, std::int32_t payload) {
    ++totals_.across;
    const auto takes = std::max(delay, parts_.options.lookahead);
    if (!parts_.add_crossing({now_ + takes, to, self(), payload}))
      ++totals_.across_refused;
  }

  torus_parts& parts_;
  const virtual_time now_;
  std::uint32_t site_ = 0;
  step_totals totals_;
};

} // namespace weft::torus
