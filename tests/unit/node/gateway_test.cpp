#include "runtime/node/gateway.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>

using namespace std::chrono_literals;

namespace weft {

namespace {

/// A gateway, and somebody whom its tasks ask.
struct gateway_fixture : test::deterministic_system {
  ~gateway_fixture() {
    actors.stop();
    caf::anon_send_exit(asked, caf::exit_reason::kill);
    drain();
  }

  bool lives() {
    bool ran = false;
    actors.run([&](auto*) { ran = true; });
    drain();
    return ran;
  }

  gateway actors{system};
  caf::actor asked = system.spawn(
      []() -> caf::behavior { return {[](int number) { return number; }}; });
};

} // namespace

TEST_CASE_FIXTURE(gateway_fixture, "a gateway outlives a task that throws") {
  actors.run([](auto*) { throw std::runtime_error("no fuel"); });
  CHECK(lives());
  actors.run([](auto*) { throw 7; });
  CHECK(lives());
}

TEST_CASE_FIXTURE(gateway_fixture,
                  "a gateway outlives what throws at an answer") {
  auto held = std::make_shared<int>(0);
  actors.run([this, held](caf::event_based_actor* self) {
    request(self, asked, 5s, 7)
        .then([held](int) { throw std::runtime_error("no fuel"); },
              [](const caf::error&) {});
  });
  drain();
  CHECK(lives());
  // Nobody waits for it any more.
  CHECK(held.use_count() == 1);
}

} // namespace weft
