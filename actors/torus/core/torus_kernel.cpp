#include "actors/torus/core/torus_kernel.hpp"

#include "actors/torus/core/state_digest.hpp"
#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weft::torus {

result<void> torus_kernel::connect(std::uint32_t site, address to,
                                   std::uint32_t delay) {
  const auto& limits = parts_.options;
  if (site >= parts_.sites_count
      || to >= std::uint64_t{limits.tori} * parts_.sites_count)
    return fail(errc::invalid_argument,
                fmt::format("edge from site {} to {}: expected a site below "
                            "{}, and one of {} tori",
                            site, to, parts_.sites_count, limits.tori));
  if (delay == 0 || delay > limits.edge_delay_max)
    return fail(errc::invalid_argument,
                fmt::format("edge from site {} to {}: expected a delay of 1 to "
                            "{} ticks, got {}",
                            site, to, limits.edge_delay_max, delay));
  const auto takes =
      parts_.is_own(to) ? delay : std::max(delay, limits.lookahead);
  auto* link = &parts_.sites[site].first_edge;
  for (; *link != no_edge; link = &parts_.edges[*link].next)
    if (auto& one = parts_.edges[*link]; one.to == to) {
      one.delay = takes;
      return {};
    }
  if (parts_.edges.size() == limits.edges_max)
    return fail(errc::exhausted,
                fmt::format("edge from site {} to {}: there are {} edges "
                            "already, which is edges_max",
                            site, to, limits.edges_max));
  // No memory moves: it was reserved.
  *link = static_cast<std::uint32_t>(parts_.edges.size());
  parts_.edges.push_back({to, takes, no_edge});
  return {};
}

std::uint64_t torus_kernel::state(std::uint32_t site) const {
  WEFT_ASSERT(site < parts_.sites_count);
  return parts_.sites[site].state;
}

void torus_kernel::set_state(std::uint32_t site, std::uint64_t state) {
  WEFT_ASSERT(site < parts_.sites_count);
  parts_.sites[site].state = state;
}

failure torus_kernel::no_room(const char* what, std::uint64_t count,
                              const char* limit, std::uint64_t most) const {
  return {errc::exhausted,
          fmt::format("torus {} has {} {} at time {}, and {} is {}",
                      parts_.options.torus, count, what, now(), limit, most)};
}

tl::unexpected<failure> torus_kernel::refuse(failure why) {
  ++parts_.counters.refused;
  return tl::unexpected(std::move(why));
}

result<void> torus_kernel::take(const event& what) {
  if (!parts_.is_own(what.destination))
    return refuse(
        {errc::invalid_argument,
         fmt::format("event for site {}: torus {} has {} to {}",
                     what.destination, parts_.options.torus, parts_.first,
                     parts_.first + (parts_.sites_count - 1))});
  if (what.time < now() || what.time - now() >= pending_set::horizon)
    return refuse({errc::invalid_argument,
                   fmt::format("event at time {}: expected {} or later, and "
                               "less than 2^32 ticks later",
                               what.time, now())});
  if (pending() >= parts_.options.events_max)
    return refuse(no_room("events at once", pending() + 1, "events_max",
                          parts_.options.events_max));
  const auto put =
      parts_.pending.put(what.time, what.destination - parts_.first,
                         rank(what.source, what.payload));
  WEFT_ASSERT(put);
  ++parts_.pending_count;
  return {};
}

result<void> torus_kernel::inject(const event& what) {
  ++parts_.counters.created;
  return take(what);
}

result<void> torus_kernel::accept(std::span<const event> what) {
  for (const auto& one : what) {
    ++parts_.counters.accepted;
    if (one.time < now())
      ++parts_.counters.causality_violations;
    auto taken = take(one);
    if (taken || failed_)
      continue;
    failed_ = std::move(taken.error());
    // The sender is a torus: no user can mend it.
    if (failed_->code == errc::invalid_argument)
      failed_->code = errc::internal;
  }
  if (failed_)
    return tl::unexpected(*failed_);
  return {};
}

result<void> torus_kernel::correct(std::uint32_t site, std::int64_t by) {
  WEFT_ASSERT(site < parts_.sites_count);
  if (!corrected(parts_.sites[site].state, by))
    return fail(errc::unsupported,
                fmt::format("{} has nothing to correct", description()));
  ++parts_.counters.corrections;
  return {};
}

result<void> torus_kernel::run_until(virtual_time end) {
  WEFT_ASSERT(end >= now());
  parts_.crossings.clear();
  if (!failed_)
    run_steps(end);
  std::sort(parts_.crossings.begin(), parts_.crossings.end());
  if (failed_)
    return tl::unexpected(*failed_);
  return {};
}

bool torus_kernel::step_ended(std::uint64_t processed,
                              const step_totals& sent) {
  // Events of the step count until all of it is over, so that the verdict does
  // not depend on which of them ran first.
  const auto at_once = parts_.pending_count + sent.within;
  auto& counters = parts_.counters;
  counters.created += sent.within + sent.across;
  counters.sent += sent.across - sent.across_refused;
  counters.refused += sent.within_refused + sent.across_refused;
  counters.processed += processed;
  counters.last_event = now();
  parts_.pending_count = at_once - sent.within_refused - processed;
  if (sent.across_refused > 0)
    failed_ = no_room("events for other tori in one window",
                      parts_.crossings.size() + sent.across_refused,
                      "crossings_max", parts_.options.crossings_max);
  if (at_once > parts_.options.events_max)
    failed_ = no_room("events at once", at_once, "events_max",
                      parts_.options.events_max);
  return !failed_;
}

std::uint64_t torus_kernel::state_hash() const {
  state_digest digest;
  for (const auto& site : parts_.sites) {
    digest.add(site.state);
    digest.add(site.random);
    for (auto next = site.first_edge; next != no_edge;) {
      const auto& one = parts_.edges[next];
      digest.add(std::uint64_t{one.to} << 32 | one.delay);
      next = one.next;
    }
  }
  for (const auto byte : parts_.records)
    digest.add(std::to_integer<std::uint64_t>(byte));
  parts_.pending.for_each([&](virtual_time time, const auto& one) {
    digest.add(event{time, parts_.first + one.destination, source_of(one.rank),
                     payload_of(one.rank)});
  });
  return digest.value();
}

void torus_kernel::observe(side which, std::span<std::int32_t> into) const {
  WEFT_ASSERT(into.size() == parts_.shape.face_sites());
  for (std::size_t cell = 0; cell < into.size(); ++cell)
    into[cell] =
        observed(parts_.sites[parts_.shape.face_site(which, cell)].state);
}

std::size_t torus_kernel::memory_bytes() const {
  return parts_.sites.capacity() * sizeof(site) + parts_.records.capacity()
         + parts_.edges.capacity() * sizeof(edge)
         + parts_.crossings.capacity() * sizeof(event)
         + parts_.pending.memory_bytes();
}

} // namespace weft::torus
