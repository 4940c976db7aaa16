#include "apps/heat/actors/messages.hpp"
#include "tests/support/round_trip.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace weft::heat::test {

namespace {

using heat_system =
    weft::test::deterministic_system_with<caf::id_block::weft_heat>;

struct heat_samples {
  template <class T>
  using of = std::type_identity<T>;

  static constexpr double infinity = std::numeric_limits<double>::infinity();
  static constexpr band_place where{1, 2, 3, 4};
  caf::strong_actor_ptr actor;

  begin_epoch operator()(of<begin_epoch>) const {
    return {3, 8, {{1, actor}}, {{2, nullptr}, {3, actor}}, actor};
  }
  go_epoch operator()(of<go_epoch>) const { return {3}; }
  read_cells operator()(of<read_cells>) const { return {1, 2, 3, 4, 5}; }
  region_ready operator()(of<region_ready>) const { return {1, 2}; }
  region_kept operator()(of<region_kept>) const { return {1, 2, 3, {4, 5}}; }
  region_progressed operator()(of<region_progressed>) const {
    return {1, 2, -0.5};
  }
  region_stopped operator()(of<region_stopped>) const {
    return {1, 2, 3, true, infinity, 4, 5, 6};
  }
  region_troubled operator()(of<region_troubled>) const {
    return {1, 2, 3, "x"};
  }
  keep_band operator()(of<keep_band>) const { return {where, {7, 8}}; }
  fetch_band operator()(of<fetch_band>) const { return {where, 9}; }
  forget_states operator()(of<forget_states>) const { return {9}; }
};

} // namespace

TEST_CASE_FIXTURE(heat_system, "every message arrives as it was sent") {
  const auto actor = system.spawn(
      [](caf::event_based_actor*) { return caf::behavior{[](int) {}}; });
  drain();
  weft::test::check_block<caf::id_block::weft_heat>(
      system, heat_samples{caf::actor_cast<caf::strong_actor_ptr>(actor)});
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

} // namespace weft::heat::test
