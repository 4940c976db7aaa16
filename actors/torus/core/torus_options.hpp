#pragma once

#include "actors/torus/core/lattice.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>

namespace weft::torus {

/// How large a torus is and where in its braid it stands. Nothing is allocated
/// beyond these capacities, and nothing after the start.
struct torus_options {
  lattice_size size = {};
  /// Its number in the braid, below `tori`.
  std::uint32_t torus = 0;
  std::uint32_t tori = 1;
  /// Of the braid. Each site draws from a stream of its own.
  std::uint64_t seed = 1;
  /// Events that are there at once: those pending, those of the time step under
  /// way, and what these have sent within the torus.
  std::size_t events_max = 65'536;
  /// By default, what a lattice needs where each site has six.
  std::size_t edges_max = 196'608;
  /// Events for other tori that leave in one window.
  std::size_t crossings_max = 4'096;
  /// The least delay of an event for another torus, in ticks.
  std::uint32_t lookahead = 2'000;
  /// No edge becomes slower than this, in ticks.
  std::uint32_t edge_delay_max = 1U << 20;
  /// Where the arrays lie; outlives the torus.
  std::pmr::memory_resource* memory = std::pmr::get_default_resource();
};

/// Fails with `invalid_argument`; the message names the option, what was
/// expected and what it was.
result<void> check(const torus_options& options);

} // namespace weft::torus
