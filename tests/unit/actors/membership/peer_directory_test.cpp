#include "actors/membership/peer_directory.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace weft::actors {

TEST_CASE_FIXTURE(actors_fixture, "a node is found by name and by CAF's id") {
  foreign_node first{system, 1};
  foreign_node second{system, 2};
  peer_directory directory;
  auto registry = spawn_registry(system);
  CHECK_FALSE(directory.registry());
  directory.put({"n2", second.id, 1, {}, {}, {}});
  directory.put({"n1", first.id, 1, {}, registry, {}});
  CHECK(directory.name_of(second.id) == "n2");
  CHECK(directory.find("n1")->node == first.id);
  CHECK(directory.registry() == registry);
  CHECK(directory.all().size() == 2);
  CHECK(directory.all()[0].name == "n1");
  directory.remove("n1");
  directory.remove("n1");
  CHECK(directory.name_of(first.id).empty());
  CHECK_FALSE(directory.find("n1"));
  CHECK_FALSE(directory.registry());
  end(registry);
}

TEST_CASE_FIXTURE(actors_fixture, "a node's new process takes the place of the "
                                  "old one") {
  foreign_node old_process{system, 1};
  foreign_node new_process{system, 2};
  peer_directory directory;
  directory.put({"n1", old_process.id, 1, {}, {}, {}});
  directory.put({"n1", new_process.id, 2, {}, {}, {}});
  CHECK(directory.name_of(old_process.id).empty());
  CHECK(directory.name_of(new_process.id) == "n1");
  CHECK(directory.find("n1")->incarnation == 2);
}

TEST_CASE_FIXTURE(actors_fixture, "who waits for a registry is called once, "
                                  "when there is one or at once") {
  foreign_node node{system, 1};
  peer_directory directory;
  int called = 0;
  directory.when_registry([&] { ++called; });
  directory.put({"n2", node.id, 1, {}, {}, {}});
  CHECK(called == 0);
  auto registry = spawn_registry(system);
  directory.put({"n1", node.id, 1, {}, registry, {}});
  directory.put({"n1", node.id, 2, {}, registry, {}});
  CHECK(called == 1);
  directory.when_registry([&] { ++called; });
  CHECK(called == 2);
  end(registry);
}

TEST_CASE_FIXTURE(actors_fixture, "look-ups from other threads see whole "
                                  "entries") {
  foreign_node node{system, 1};
  peer_directory directory;
  std::atomic<bool> stop{false};
  std::atomic<int> mixed{0};
  std::thread reader{[&] {
    while (!stop)
      if (const auto found = directory.find("n1");
          found && (found->node != node.id || found->incarnation == 0))
        ++mixed;
  }};
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    directory.put({"n1", node.id, i, {}, {}, {}});
    directory.remove("n1");
  }
  stop = true;
  reader.join();
  CHECK(mixed == 0);
}

} // namespace weft::actors
