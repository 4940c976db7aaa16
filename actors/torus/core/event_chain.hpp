#pragma once

#include "actors/torus/core/pending_set.hpp"

#include <cstdint>

namespace weft::torus {

/// Puts events of one time and site into canonical order. They are linked by
/// `due`, which is one more than the position of the next, or 0. Returns the
/// first.
///
/// *Cost*: O(n log n), and no memory: merge sort of a list, bottom up.
std::uint32_t in_order(pending_set& set, std::uint32_t first);

} // namespace weft::torus
