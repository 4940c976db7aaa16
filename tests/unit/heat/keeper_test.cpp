#include "apps/heat/actors/keeper.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace weft::heat::test {

namespace {

using namespace std::chrono_literals;

struct keeper_system
    : weft::test::deterministic_system_with<caf::id_block::weft_heat> {
  keeper_system() { drain(); }
  ~keeper_system() {
    caf::anon_send_exit(keeper, caf::exit_reason::kill);
    drain();
  }

  bool ended() {
    drain();
    bool gone = false;
    self->receive([&](const caf::down_msg&) { gone = true; },
                  caf::after(0s) >> [] {});
    return gone;
  }

  keeper_actor keeper = [this] {
    auto made = system.spawn(keep_states);
    self->monitor(made);
    return made;
  }();
};

} // namespace

TEST_CASE_FIXTURE(keeper_system, "a keeper gives back what it was given") {
  const band_place where{
      .region = 1, .block = 8, .offset = 0, .bytes_total = 2};
  CHECK(*ask<bool>(keeper, keep_band{where, {1, 2}}));
  CHECK(*ask<std::vector<std::uint8_t>>(keeper, fetch_band{where, 100})
        == std::vector<std::uint8_t>{1, 2});
  CHECK(ask<bool>(keeper, keep_band{where, {1, 2, 3}}).error().code
        == errc::invalid_argument);
  send(self.ptr(), keeper, forget_states{9});
  CHECK(ask<std::vector<std::uint8_t>>(keeper, fetch_band{where, 100})
            .error()
            .code
        == errc::not_found);
  send(self.ptr(), keeper, stop_atom_v);
  CHECK(ended());
}

TEST_CASE_FIXTURE(keeper_system, "a keeper ends with its coordinator") {
  auto coordinator = system.spawn(
      [](caf::event_based_actor*) { return caf::behavior{[](int) {}}; });
  CHECK(*ask<bool>(keeper, start_atom_v,
                   caf::actor_cast<caf::strong_actor_ptr>(coordinator)));
  advance(2min);
  CHECK_FALSE(ended());
  caf::anon_send_exit(coordinator, caf::exit_reason::kill);
  CHECK(ended());
}

TEST_CASE_FIXTURE(keeper_system, "a keeper that nobody speaks to ends") {
  advance(30s);
  CHECK_FALSE(ended());
  advance(31s);
  CHECK(ended());
}

} // namespace weft::heat::test
