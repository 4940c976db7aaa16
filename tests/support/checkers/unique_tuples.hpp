#pragma once

#include "tests/support/checkers/history.hpp"

#include <string_view>

namespace weft::checkers {

/// What can be wrong with one tuple.
enum class fault {
  /// Answered, or there at the end, but nobody wrote it, its write certainly
  /// failed, or the answer came before the write was invoked.
  from_nowhere,
  /// More than one take, swap or confirm removed it, or it is there twice at
  /// the end.
  twice,
  /// Seen by an operation that was invoked after its removal was acknowledged,
  /// or still there at the end.
  after_removal,
  /// Seen after its lease had certainly ended.
  after_lease,
  /// Seen by another operation while it was certainly claimed.
  while_claimed,
  /// Its claim was confirmed or released after it had certainly ended.
  claim_outlived,
  /// Written, removed by nobody, not leased, and not there at the end.
  lost,
};

std::string_view to_string(fault what);

struct finding {
  fault what = fault::lost;
  tuple_id tuple = 0;
  /// The operations that show it, by number.
  std::vector<std::size_t> operations;
  /// One sentence.
  std::string why;
};

/// Checks a history in which no two writes have a tuple in common, for what
/// must hold for each tuple whatever the order: nothing from nowhere, nothing
/// twice, nothing after its end, nothing lost (if it is known what remained).
/// Every finding is a real fault; faults of order, and empty answers while
/// something matched, are for `check_linearizable`.
///
/// A write, swap or confirm of unknown outcome has happened if one of its
/// tuples was seen; then all of it has. A take or swap of unknown outcome may
/// have removed one tuple that matches; what is missing must be matched to as
/// many of them.
///
/// *Cost*: O(n log n), and O(m * u) for m tuples missing at the end and u
/// removals of unknown outcome, of which there is one for each client that
/// died.
std::vector<finding> check_unique_tuples(const history& what);

} // namespace weft::checkers
