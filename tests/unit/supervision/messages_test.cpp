#include "tests/unit/supervision/supervisor_fixture.hpp"

namespace weft::supervision::test {

TEST_CASE_FIXTURE(supervised, "every message arrives as it was sent") {
  const auto send = [&](auto value) {
    return weft::test::over_the_wire(system, std::move(value));
  };
  const tree_node leaf{"greeter-3",
                       child_kind::node,
                       child_state::restarting,
                       7,
                       123'456'789'012,
                       "it threw: no fuel",
                       {},
                       4};
  tree_node root{"n2",
                 child_kind::supervisor,
                 child_state::unresponsive,
                 1,
                 5,
                 "",
                 {leaf, leaf},
                 0};
  CHECK(send(root) == root);
  CHECK(send(await_ready{}) == await_ready{});
  CHECK(send(stop_supervisor{}) == stop_supervisor{});
  CHECK(send(terminate_child{"a"}).id == "a");
  CHECK(send(restart_child{"a"}).id == "a");
  CHECK(send(delete_child{"a"}).id == "a");
  CHECK(send(list_children{3}).children_max == 3);
  const auto request = send(tree_request{5, 6});
  CHECK(request.deadline_ms == 5);
  CHECK(request.children_max == 6);
  const auto kill = send(kill_child{"hello/a", "why", 9});
  CHECK(kill.path == "hello/a");
  CHECK(kill.reason == "why");
  CHECK(kill.deadline_ms == 9);
  CHECK(send(supervisor_stopped{{"a", "b"}}).abandoned.size() == 2);
  const auto event =
      send(supervision_event{"n2/a", event_kind::abandoned, "why", 3});
  CHECK(event.path == "n2/a");
  CHECK(event.kind == event_kind::abandoned);
  CHECK(event.reason == "why");
  CHECK(event.restarts == 3);
}

TEST_CASE_FIXTURE(supervised, "messages with an actor in them arrive") {
  const auto send = [&](auto value) {
    return weft::test::over_the_wire(system, std::move(value));
  };
  begin(options(strategy::one_for_one, {child("a")}));
  const auto actor = caf::actor_cast<caf::strong_actor_ptr>(alive.at("a"));
  CHECK(send(terminate_instance{actor}).actor == actor);
  const auto started = send(child_started{"n2/hello/a", actor});
  CHECK(started.path == "n2/hello/a");
  CHECK(started.actor == actor);
  const std::vector<child_info> list{
      {"a", child_kind::worker, child_state::running, 2, 3, "why", actor}};
  const auto copy = send(list);
  REQUIRE(copy.size() == 1);
  CHECK(copy[0].id == "a");
  CHECK(copy[0].state == child_state::running);
  CHECK(copy[0].restarts == 2);
  CHECK(copy[0].uptime_ms == 3);
  CHECK(copy[0].last_reason == "why");
  CHECK(copy[0].actor == actor);
  CHECK(send(child_info{}).actor == nullptr);
}

TEST_CASE("every value of an enumeration has a name") {
  CHECK(to_string(strategy::rest_for_one) == "rest_for_one");
  CHECK(to_string(restart_kind::transient) == "transient");
  CHECK(to_string(auto_shutdown::all_significant) == "all_significant");
  CHECK(to_string(child_kind::node) == "node");
  CHECK(to_string(child_state::unresponsive) == "unresponsive");
  CHECK(to_string(event_kind::gave_up) == "gave_up");
  CHECK(parse_restart_kind("temporary") == restart_kind::temporary);
  CHECK(parse_restart_kind("permament").error()
        == failure{errc::invalid_argument,
                   "restart: expected permanent, transient or temporary, got "
                   "\"permament\""});
}

TEST_CASE("a back-off that makes no sense is refused") {
  supervisor_policy policy;
  policy.backoff = {.first = 2s, .max = 1s, .factor = 2, .jitter = 0};
  CHECK(check(policy).error().message
        == "backoff.max: expected at least backoff.first, 2s, got 1s");
  policy.backoff = {.first = 1s, .max = 2s, .factor = 0.5, .jitter = 0};
  CHECK(check(policy).error().message
        == "backoff.factor: expected 1 to 1000, got 0.5");
  policy.backoff = {.first = 1s, .max = 2s, .factor = 2, .jitter = 2};
  CHECK(check(policy).error().message
        == "backoff.jitter: expected 0 to 1, got 2");
}

} // namespace weft::supervision::test
