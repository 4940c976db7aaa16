#include "apps/byzantine/actors/type_ids.hpp"
#include "tests/support/round_trip.hpp"

#include <doctest/doctest.h>

namespace weft::byzantine {

namespace {

using byzantine_system =
    weft::test::deterministic_system_with<caf::id_block::weft_byzantine>;

struct byzantine_samples {
  general_report operator()(std::type_identity<general_report>) const {
    return {3, true, 123'456'789'012, 4, 2, "the space is gone"};
  }
};

} // namespace

TEST_CASE_FIXTURE(byzantine_system, "every message arrives as it was sent") {
  weft::test::check_block<caf::id_block::weft_byzantine>(system,
                                                         byzantine_samples{});
}

} // namespace weft::byzantine
