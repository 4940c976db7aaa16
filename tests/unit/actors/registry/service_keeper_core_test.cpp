#include "actors/registry/service_keeper_core.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

using keeper_action = service_keeper_core::action;

service_keeper_core make_keeper() {
  return service_keeper_core{{1s, 100ms}, 0s};
}

} // namespace

TEST_CASE("a service is registered, heard of at once, and then regularly") {
  auto core = make_keeper();
  CHECK(core.next_due() == 0s);
  CHECK(core.take_due(0s) == keeper_action::add);
  CHECK_FALSE(core.next_due());
  CHECK_FALSE(core.take_due(5s));
  core.succeeded(5s);
  CHECK(core.take_due(5s) == keeper_action::renew);
  core.succeeded(5s);
  CHECK(core.next_due() == 6s);
  CHECK_FALSE(core.take_due(6s - 1ns));
  CHECK(core.take_due(6s) == keeper_action::renew);
}

TEST_CASE("a failure is repeated, at longer and longer intervals") {
  auto core = make_keeper();
  service_keeper_core::time now{0};
  for (const auto wait : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    CHECK(core.take_due(now) == keeper_action::add);
    core.failed(now);
    CHECK(core.next_due() == now + wait);
    now += wait;
  }
  core.take_due(now);
  core.succeeded(now);
  core.take_due(now);
  core.failed(now);
  CHECK(core.next_due() == now + 100ms);
  CHECK(core.take_due(now + 100ms) == keeper_action::renew);
}

TEST_CASE("a registry that does not know the service is told of it again") {
  auto core = make_keeper();
  core.take_due(0s);
  core.succeeded(0s);
  core.take_due(0s);
  core.unknown(0s);
  CHECK(core.take_due(100ms) == keeper_action::add);
}

TEST_CASE("a registry that was lost does not have to be asked") {
  auto core = make_keeper();
  core.take_due(0s);
  core.succeeded(0s);
  core.take_due(0s);
  core.succeeded(0s);
  core.lost(200ms);
  CHECK(core.take_due(300ms) == keeper_action::add);
  // Lost while it is asked: what it answered last counts for nothing.
  core.succeeded(300ms);
  core.take_due(300ms);
  core.lost(350ms);
  core.succeeded(400ms);
  CHECK(core.take_due(2s) == keeper_action::add);
}

} // namespace weft::actors
