#include "actors/torus/core/torus_options.hpp"

#include <fmt/format.h>

namespace weft::torus {

namespace {

/// Positions in the pool of events are 32 bits wide.
constexpr std::size_t capacity_max = std::size_t{1} << 31;

result<void> check_capacity(const char* name, std::size_t value) {
  if (value > capacity_max)
    return fail(errc::invalid_argument,
                fmt::format("{}: expected at most {}, got {}", name,
                            capacity_max, value));
  return {};
}

} // namespace

result<void> check(const torus_options& options) {
  const auto made = lattice::make(options.size);
  if (!made)
    return tl::unexpected(made.error());
  if (options.tori == 0 || options.torus >= options.tori)
    return fail(errc::invalid_argument,
                fmt::format("torus {} of {}: expected a number from 0 and "
                            "below that of tori",
                            options.torus, options.tori));
  // The last address is `outside`.
  if (options.tori > 0xFFFF'FFFFU / made->sites())
    return fail(errc::invalid_argument,
                fmt::format("{} tori of {} sites: expected at most 2^32 - 1 "
                            "sites in all",
                            options.tori, made->sites()));
  for (auto checked : {check_capacity("events_max", options.events_max),
                       check_capacity("edges_max", options.edges_max),
                       check_capacity("crossings_max", options.crossings_max)})
    if (!checked)
      return checked;
  if (options.edge_delay_max == 0)
    return fail(errc::invalid_argument,
                "edge_delay_max: expected at least 1, got 0");
  if (options.tori > 1
      && (options.lookahead == 0 || options.lookahead > options.edge_delay_max))
    return fail(errc::invalid_argument,
                fmt::format("lookahead: expected 1 to edge_delay_max, which is "
                            "{}, got {}",
                            options.edge_delay_max, options.lookahead));
  return {};
}

} // namespace weft::torus
