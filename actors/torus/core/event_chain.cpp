#include "actors/torus/core/event_chain.hpp"

#include <array>
#include <cstddef>

namespace weft::torus {

namespace {

std::uint32_t merged(pending_set& set, std::uint32_t one, std::uint32_t other) {
  std::uint32_t first = 0;
  auto* end = &first;
  while (one != 0 && other != 0) {
    auto& less = set.at(other - 1).rank < set.at(one - 1).rank ? other : one;
    *end = less;
    end = &set.at(less - 1).due;
    less = *end;
  }
  *end = one != 0 ? one : other;
  return first;
}

} // namespace

std::uint32_t in_order(pending_set& set, std::uint32_t first) {
  // runs[k] is empty or has 2^k events in order; as in counting by ones.
  std::array<std::uint32_t, 32> runs{};
  while (first != 0) {
    auto run = first;
    first = set.at(run - 1).due;
    set.at(run - 1).due = 0;
    std::size_t power = 0;
    for (; runs[power] != 0; ++power) {
      run = merged(set, runs[power], run);
      runs[power] = 0;
    }
    runs[power] = run;
  }
  for (const auto run : runs)
    first = merged(set, first, run);
  return first;
}

} // namespace weft::torus
