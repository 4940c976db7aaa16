#pragma once

#include "tests/support/checkers/history.hpp"

namespace weft::checkers {

enum class verdict {
  linearizable,
  violated,
  /// The limit on states came first.
  undecided,
};

struct search_options {
  /// Of one search; explaining a violation takes about log2(n) of them.
  std::size_t states_max = 1'000'000;
  /// Look ahead with `write_order.hpp`: the same answers, most often sooner.
  bool infer = true;
};

struct linearizability {
  verdict answer = verdict::undecided;
  /// States that the search of the whole history looked at.
  std::size_t states = 0;
  /// If violated: the operations of the shortest prefix of the history that
  /// already is, by number; the response of the last one makes it so.
  std::vector<std::size_t> prefix;
  /// Of these, the ones that no order can take in, where the search came
  /// furthest.
  std::vector<std::size_t> blocked;
  /// The violation in words.
  std::string why;
};

/// Whether there is an order of the operations, each between its invocation
/// and its response, in which a space that does one thing at a time gives the
/// same answers: first in, first out among the tuples of a shard that match a
/// pattern, and at the end the content that remained.
///
/// Operations of unknown outcome may take effect at any later time or never.
/// Expiries of leases and claims are operations of the space, between the
/// earliest and the latest time that the history allows. Tuples with the same
/// id count as equal.
///
/// *Cost*: exponential in the operations that overlap, linear in the others;
/// each state is visited once.
///
/// *Source*: Wing and Gong, "Testing and verifying concurrent objects" (1993),
/// with the cache of Lowe, "Testing for linearizability" (2017). Ours also
/// places what changes nothing as soon as it fits, without coming back to it:
/// any order that has it later has it here as well.
linearizability check_linearizable(const history& what,
                                   const search_options& options = {});

} // namespace weft::checkers
