#include "actors/registry/name_keeper_core.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

using claim = name_keeper_core::claim;

/// The one claim that is due.
claim due(name_keeper_core& core, name_keeper_core::time now) {
  const auto all = core.take_due(now);
  REQUIRE(all.size() == 1);
  return all.front();
}

} // namespace

TEST_CASE("a failed registration is repeated after waits that double") {
  name_keeper_core core{{50ms, 150ms, 2s, 64}};
  core.keep("a", 1, 0ms);
  core.answered(due(core, 0ms), false, 0ms);
  CHECK(core.next_due() == 50ms);
  CHECK(core.take_due(49ms).empty());
  core.answered(due(core, 50ms), false, 50ms);
  CHECK(core.next_due() == 150ms);
  core.answered(due(core, 150ms), false, 150ms);
  CHECK(core.next_due() == 300ms);
  core.answered(due(core, 300ms), false, 300ms);
  CHECK(core.next_due() == 450ms);
  core.answered(due(core, 450ms), true, 450ms);
  CHECK(core.is_held("a"));
  CHECK_FALSE(core.next_due());
}

TEST_CASE("losing the registry makes every name due again") {
  name_keeper_core core{{50ms, 2s, 2s, 64}};
  core.keep("a", 1, 0ms);
  core.answered(due(core, 0ms), true, 0ms);
  core.registry_lost(1s);
  CHECK_FALSE(core.is_held("a"));
  CHECK(core.next_due() == 1050ms);
  CHECK(due(core, 1050ms).name == "a");
}

TEST_CASE("an answer from before the loss of the registry holds nothing") {
  name_keeper_core core;
  core.keep("a", 1, 0ms);
  const auto old = due(core, 0ms);
  core.registry_lost(0ms);
  const auto young = due(core, 1s);
  core.answered(old, true, 1s);
  CHECK_FALSE(core.is_held("a"));
  core.answered(young, true, 1s);
  CHECK(core.is_held("a"));
}

TEST_CASE("a new holder makes the answer for the old one void") {
  name_keeper_core core;
  core.keep("a", 1, 0ms);
  const auto old = due(core, 0ms);
  core.keep("a", 2, 0ms);
  core.answered(old, true, 0ms);
  CHECK_FALSE(core.is_held("a"));
  CHECK(due(core, 0ms).holder == 2);
  core.drop("a", 1);
  CHECK(core.size() == 1);
  core.drop("a", 2);
  CHECK(core.size() == 0);
  CHECK(core.take_due(1h).empty());
}

TEST_CASE("no more registrations are under way than the limit") {
  name_keeper_core core{{50ms, 2s, 2s, 2}};
  for (const auto* name : {"a", "b", "c"})
    core.keep(name, 1, 0ms);
  const auto first = core.take_due(0ms);
  REQUIRE(first.size() == 2);
  CHECK(core.take_due(0ms).empty());
  CHECK_FALSE(core.next_due());
  core.answered(first[0], true, 0ms);
  CHECK(core.next_due() == 0ms);
  CHECK(due(core, 0ms).name == "c");
  core.drop("b", 1);
  core.drop("c", 1);
  core.keep("d", 1, 0ms);
  core.keep("e", 1, 0ms);
  CHECK(core.take_due(0ms).size() == 2);
}

} // namespace weft::actors
