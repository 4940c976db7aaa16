#include "runtime/node/child_start.hpp"
#include "runtime/node/node_tree.hpp"
#include "tests/unit/supervision/supervisor_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace weft {

namespace {

using namespace std::chrono_literals;

caf::behavior idle() {
  return {[](int) {}};
}

/// A supervisor with one child, which says when it is ready.
struct starting_child : supervision::test::supervised {
  void begin_child(std::chrono::nanoseconds start_timeout) {
    actors::child_order order;
    order.name = "a";
    order.restart = "temporary";
    order.start =
        [this](actors::actor_ready ready) -> result<caf::strong_actor_ptr> {
      report = std::move(ready);
      return caf::actor_cast<caf::strong_actor_ptr>(system.spawn(idle));
    };
    supervision::supervisor_options options;
    options.path = "m";
    options.children = {child_of(order, start_timeout)};
    begin(std::move(options));
  }

  bool started() const {
    return !events.empty()
           && events.back().kind == supervision::event_kind::started;
  }

  actors::actor_ready report;
};

} // namespace

TEST_CASE_FIXTURE(starting_child,
                  "a child may take as long to start as it is given") {
  begin_child(60s);
  advance(59s);
  CHECK(events.empty());
  report({});
  drain();
  CHECK(started());
}

TEST_CASE_FIXTURE(starting_child, "a child that takes longer has failed") {
  begin_child(60s);
  advance(61s);
  REQUIRE_FALSE(events.empty());
  CHECK(events.front().kind == supervision::event_kind::start_failed);
  report({});
  drain();
  CHECK_FALSE(started());
}

TEST_CASE("what is being started is told by its path") {
  start_list starts;
  CHECK(starts.text().empty());
  starts.add("n1/hello/b");
  starts.add("n1/hello/a");
  CHECK(starts.text() == "n1/hello/a, n1/hello/b");
  starts.remove("n1/hello/a");
  CHECK(starts.text() == "n1/hello/b");
}

TEST_CASE("what starts actors has as long as its node") {
  config::cluster_options options;
  options.launcher.ready_timeout = 10min;
  options.nodes.emplace_back().name = "n1";
  auto types = std::make_shared<modules::type_registry>();
  modules::module_definition hello;
  hello.name = "hello";
  REQUIRE(types->add(std::move(hello)));
  tree_parts parts;
  parts.services = std::make_shared<node_services>();
  parts.services->name = parts.services->first_node = "n1";
  parts.services->spaces = std::make_shared<space_table>(options, "n1");
  parts.services->types = types;
  parts.services->options =
      std::make_shared<const config::cluster_options>(std::move(options));
  const auto tree = make_tree(parts);
  for (const auto* id : {"hello", "jobs"}) {
    const auto child =
        std::ranges::find(tree.children, id, &supervision::child_spec::id);
    REQUIRE(child != tree.children.end());
    CHECK(child->start_timeout == 10min);
  }
}

} // namespace weft
