#include "runtime/caf/compat.hpp"
#include "runtime/caf/node_identity.hpp"
#include "runtime/caf/system_config.hpp"

#include <caf/actor_cast.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace weft {

namespace {

/// CAF's broker of a system that lived for a moment.
caf::weak_actor_ptr broker_of_past_system(std::chrono::nanoseconds heartbeat) {
  system_options options;
  options.network = true;
  options.heartbeat_interval = heartbeat;
  system_config config{options};
  caf::actor_system system{config};
  return caf::actor_cast<caf::weak_actor_ptr>(
      system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP")));
}

} // namespace

TEST_CASE("a heartbeat that comes when its system ends leaves nothing behind") {
  for (int i = 0; i < 200; ++i) {
    const auto broker = broker_of_past_system(std::chrono::microseconds{50});
    REQUIRE_FALSE(caf::actor_cast<caf::strong_actor_ptr>(broker));
  }
}

TEST_CASE("two systems on one machine never share an identity") {
  system_options options;
  options.network = true;
  system_config one{options}, two{options};
  caf::actor_system first{one}, second{two};
  CHECK(first.node() != second.node());
  CHECK(first.node() != caf::node_id{});
}

TEST_CASE("an identity tells the node and its cluster, and is new each time") {
  system_options options;
  options.network = true;
  options.cluster = "demo";
  options.node = "n1";
  system_config one{options}, two{options};
  caf::actor_system first{one}, second{two};
  CHECK(first.node() != second.node());
  const auto host = [](const caf::actor_system& system) {
    const auto text = to_string(system.node());
    return text.substr(0, text.find('#'));
  };
  CHECK(host(first) == host(second));
  const auto named =
      to_string(caf::make_node_id(1, host_of_node("demo", "n1")));
  CHECK(named.starts_with(host(first) + "#"));
  CHECK(host_of_node("demo", "n1") != host_of_node("demo", "n2"));
  CHECK(host_of_node("demo", "n1") != host_of_node("dem", "on1"));
}

} // namespace weft
