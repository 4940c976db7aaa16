#pragma once

#include "actors/torus/core/models/phold.hpp"
#include "actors/torus/core/torus_kernel.hpp"
#include "actors/torus/core/torus_options.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

namespace weft::torus {

/// `relay`, with edges of delay 10. Event i begins at time 0 at place
/// floor(i * ring / population) with payload 1.
struct relay_load {
  /// So many sites, each with an edge to the next and the last to the first.
  /// Absent: all sites, each with an edge to each of its six neighbours.
  std::optional<std::uint32_t> ring = std::nullopt;
  std::uint32_t population = 1;
};

/// `phold`. Token i begins at site i modulo their number, after a delay drawn
/// as all others, with payload i.
struct phold_load {
  std::uint32_t population = 1;
  phold_destination destination = phold_destination::neighbour;
  /// The probability that a token goes to another torus.
  double remote = 0;
};

/// `diffusion`. Each site begins with an amount drawn from 0 to
/// `amount_max` - 1, and all give at time 0 for the first time.
struct diffusion_load {
  std::uint32_t step = 100;
  std::uint32_t amount_max = 1'000'000;
};

/// What a torus computes, and how it begins.
using workload = std::variant<relay_load, phold_load, diffusion_load>;

/// The options with capacities that the load needs, where windows are so many
/// ticks long. A relay whose events multiply needs more.
torus_options sized_for(torus_options options, const workload& load,
                        virtual_time window);

/// A torus ready to run. Fails with `invalid_argument` for options that `check`
/// refuses, a ring longer than the lattice, an amount of 0, a step below 2, a
/// probability that is none or that is above 0 where there is one torus, or a
/// population above `events_max`; with `exhausted` if the edges are more than
/// `edges_max`.
result<std::unique_ptr<torus_kernel>> make_torus(const torus_options& options,
                                                 const workload& load);

} // namespace weft::torus
