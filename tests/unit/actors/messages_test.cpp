#include "tests/support/round_trip.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/message_samples.hpp"

namespace weft::actors {

TEST_CASE_FIXTURE(actors_fixture, "every registered message type crosses the "
                                  "wire whole") {
  const auto actor = idler();
  test::check_block<caf::id_block::weft_actors>(
      system, [&]<class T>(std::type_identity<T>) {
        return sample<T>(pointer(actor));
      });
  end(actor);
}

TEST_CASE_FIXTURE(actors_fixture, "a state from a newer peer has a name too") {
  const auto future = static_cast<member_state>(77);
  CHECK(test::over_the_wire(system, future) == future);
  CHECK(to_string(future) == "unknown");
  CHECK(to_string(member_state::back) == "back");
}

} // namespace weft::actors
