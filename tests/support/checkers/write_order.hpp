#pragma once

#include "tests/support/checkers/sequential_space.hpp"

namespace weft::checkers {

/// Tells tasks what later answers imply for earlier writes, so that a search
/// need not find it out by trying: a write whose tuple was seen took effect
/// before that answer, and a tuple that was answered while another that
/// matches was certainly there is the older one. Says nothing new about which
/// histories can be ordered. Looks only at tuples with an id of their own.
///
/// *Cost*: O(answers * tuples).
void infer_write_order(const history& about, tick cut,
                       const std::vector<tuple>& tuples,
                       std::vector<task>& tasks);

/// For each tuple, whether no take or swap of unknown outcome can have removed
/// it: it has an id of its own, and was removed by something else or, if
/// `whole`, there at the end. O(n log n).
std::vector<bool> accounted_for(const history& about, tick cut, bool whole,
                                const std::vector<tuple>& tuples);

/// The ids that were answered until `cut` or, if `whole`, remained, in order.
/// O(n log n).
std::vector<tuple_id> seen_ids(const history& about, tick cut, bool whole);

} // namespace weft::checkers
