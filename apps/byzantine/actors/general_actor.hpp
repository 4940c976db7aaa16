#pragma once

#include "actors/hop.hpp"
#include "apps/byzantine/core/plan.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/type_ids.hpp"

#include <cstdint>
#include <string>

namespace weft::byzantine {

/// What a general has to tell after its last round.
struct general_report {
  std::uint32_t general = 0;
  bool attacks = false;
  /// Messages that it sent.
  std::uint64_t messages = 0;
  std::uint64_t rejected_signatures = 0;
  /// Rounds that ended at their deadline.
  std::uint32_t overdue_rounds = 0;
  /// The first thing that it could not do in the space; else empty.
  std::string trouble;

  friend bool operator==(const general_report&,
                         const general_report&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, general_report& x) {
  return fields(f, x, "weft::general_report", "general", x.general, "attacks",
                x.attacks, "messages", x.messages, "rejected_signatures",
                x.rejected_signatures, "overdue_rounds", x.overdue_rounds,
                "trouble", x.trouble);
}

/// One general of one run.
using general_actor = typed_actor<
    // Begins the run; answered when all rounds are over, after which the
    // general ends. Takes m + 1 deadlines at most, besides its own work. Fails
    // as the space does when that refuses the general's tuples. A general that
    // is not told to start ends after `muster_time`.
    general_report(start_atom),
    // Its own.
    void(actors::hop)>;

} // namespace weft::byzantine
