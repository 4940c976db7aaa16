#include "tests/support/round_trip.hpp"
#include "tests/unit/supervision/supervisor_fixture.hpp"

namespace weft::supervision::test {

namespace {

template <class T>
using of = std::type_identity<T>;

struct supervision_samples {
  caf::strong_actor_ptr actor;

  await_ready operator()(of<await_ready>) const { return {}; }
  child_started operator()(of<child_started>) const {
    return {"n2/hello/a", actor};
  }
  terminate_child operator()(of<terminate_child>) const { return {"a"}; }
  terminate_instance operator()(of<terminate_instance>) const {
    return {actor};
  }
  restart_child operator()(of<restart_child>) const { return {"a"}; }
  delete_child operator()(of<delete_child>) const { return {"a"}; }
  list_children operator()(of<list_children>) const { return {3}; }
  child_info operator()(of<child_info>) const {
    return {"a", child_kind::node, child_state::running, 2, 3, "why", actor};
  }
  std::vector<child_info> operator()(of<std::vector<child_info>>) const {
    return {(*this)(of<child_info>{}), {}};
  }
  tree_request operator()(of<tree_request>) const { return {5, 6}; }
  tree_node operator()(of<tree_node>) const {
    const tree_node leaf{"greeter-3",
                         child_kind::node,
                         child_state::restarting,
                         7,
                         123'456'789'012,
                         "it threw: no fuel",
                         {},
                         4};
    auto root = leaf;
    root.state = child_state::unresponsive;
    root.children = {leaf, {}, leaf};
    return root;
  }
  kill_child operator()(of<kill_child>) const { return {"hello/a", "why", 9}; }
  stop_supervisor operator()(of<stop_supervisor>) const { return {}; }
  supervisor_stopped operator()(of<supervisor_stopped>) const {
    return {{"a", "b"}};
  }
  supervision_event operator()(of<supervision_event>) const {
    return {"n2/a", event_kind::abandoned, "why", 3};
  }
};

} // namespace

TEST_CASE_FIXTURE(supervised, "every message arrives as it was sent") {
  begin(options(strategy::one_for_one, {child("a")}));
  weft::test::check_block<caf::id_block::weft_supervision>(
      system, supervision_samples{
                  caf::actor_cast<caf::strong_actor_ptr>(alive.at("a"))});
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
