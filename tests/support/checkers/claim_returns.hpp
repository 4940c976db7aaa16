#pragma once

#include "tests/support/checkers/history.hpp"

#include <vector>

namespace weft::checkers {

/// How a tuple came back that a client held when it died.
struct claim_return {
  tuple_id tuple = 0;
  /// When its holder died.
  tick died = 0;
  /// When it is to be back: at the end of its claim's lease, or when the space
  /// notices the death, whichever comes first.
  tick due = 0;
  /// When somebody first had it again, or `forever`.
  tick seen = forever;

  /// How much later than it was due somebody had it.
  tick late() const { return seen > due ? seen - due : 0; }
};

/// What became of the claims that clients held when they died: those that were
/// given, neither confirmed nor released, and whose lease had not ended. The
/// space notices a death within `notice`. That somebody has a tuple late may be
/// because nobody asked for it, so somebody should. O(n log n).
std::vector<claim_return> claim_returns(const history& what, tick notice);

} // namespace weft::checkers
