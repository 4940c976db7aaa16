#include "runtime/base/slot.hpp"
#include "runtime/node/incarnation.hpp"
#include "runtime/node/module_check.hpp"
#include "runtime/node/node_lock.hpp"
#include "runtime/node/start_waiter.hpp"
#include "runtime/node/tree_json.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <unistd.h>

using namespace std::chrono_literals;

namespace weft {

namespace {

struct temporary_folder {
  temporary_folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "weft-node-XXXXXX");
    path = mkdtemp(pattern.data());
  }
  ~temporary_folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

} // namespace

TEST_CASE(
    "each start has a greater incarnation, also with the clock set back") {
  const temporary_folder folder;
  const auto file = (folder.path / "n1.incarnation").string();
  const std::chrono::system_clock::time_point noon{1'800'000'000s};
  CHECK(next_incarnation(file, noon) == 1'800'000'000'000u);
  CHECK(next_incarnation(file, noon) == 1'800'000'000'001u);
  CHECK(next_incarnation(file, noon - 1h) == 1'800'000'000'002u);
  CHECK(next_incarnation(file, noon + 1h) == 1'800'003'600'000u);
}

TEST_CASE("an incarnation that cannot be remembered is refused") {
  const auto refused = next_incarnation("/nowhere/at/all/n1.incarnation",
                                        std::chrono::system_clock::now());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::io);
  CHECK(refused.error().message.find("/nowhere/at/all") != std::string::npos);
}

TEST_CASE("a node's lock has one holder, whom others are told of") {
  const temporary_folder folder;
  const launcher::run_paths paths{folder.path.string()};
  std::filesystem::create_directory(paths.nodes());
  auto held = lock_node(paths, "n2");
  REQUIRE(held);
  CHECK(lock_node(paths, "n1"));
  const auto refused = lock_node(paths, "n2");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::already_exists);
  CHECK(refused.error().message.find(std::to_string(getpid()))
        != std::string::npos);
  held->reset();
  CHECK(lock_node(paths, "n2"));
}

TEST_CASE("a node's lock in a folder that is not there is refused") {
  const auto refused = lock_node(launcher::run_paths{"/nowhere/at/all"}, "n2");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::not_found);
}

TEST_CASE("a slot runs what waits for its first handle, once") {
  slot<std::shared_ptr<int>> place;
  int runs = 0;
  place.when_set([&] { ++runs; });
  place.set(nullptr);
  CHECK(runs == 0);
  place.set(std::make_shared<int>(7));
  CHECK(runs == 1);
  place.set(std::make_shared<int>(8));
  CHECK(runs == 1);
  place.when_set([&] { ++runs; });
  CHECK(runs == 2);
  CHECK(*place.get() == 8);
}

TEST_CASE("a tree counts the workers that run, at every depth") {
  using namespace supervision;
  tree_node root{
      "n1", child_kind::supervisor, child_state::running, 0, 5, "", {}, 0};
  tree_node worker{"w", child_kind::worker, child_state::running, 2, 5, "x", {},
                   0};
  auto stopped = worker;
  stopped.state = child_state::stopped;
  tree_node inner{"m",
                  child_kind::supervisor,
                  child_state::running,
                  0,
                  5,
                  "",
                  {worker, stopped},
                  0};
  root.children = {worker, inner};
  CHECK(running_workers(root) == 2);
  const auto json = to_json(root);
  CHECK(json["children"][1]["children"][0]["restarts"] == 2);
  CHECK(json["children"][1]["children"][1]["state"] == "stopped");
  CHECK(json["children"][1]["kind"] == "supervisor");
}

TEST_CASE("modules that are not there are mistakes in their places") {
  config::cluster_options options;
  options.modules = {{"no_such_module", {"c.yaml", 2, 11}},
                     {"/nowhere/libx.so", {"c.yaml", 2, 27}}};
  options.actors.emplace_back().type = "x.y";
  const auto problems = check_modules(options);
  REQUIRE(problems.size() == 2);
  CHECK(config::to_string(problems[0])
            .starts_with("c.yaml:2:11: modules[0]: module no_such_module: "));
  CHECK(config::to_string(problems[1])
            .starts_with("c.yaml:2:27: modules[1]: module /nowhere/libx.so: "
                         "no such file"));
}

TEST_CASE_FIXTURE(
    test::deterministic_system,
    "a start's outcome reaches the supervisor whenever it comes") {
  std::vector<std::string> seen;
  start_outcome late;
  auto supervisor = system.spawn([&](caf::event_based_actor* self) {
    const auto early = await_start(*self, 5s, [&](result<void> outcome) {
      seen.push_back(outcome ? "early" : "early failed");
    });
    early({});
    late = await_start(*self, 5s, [&](result<void> outcome) {
      seen.push_back(outcome ? "late" : outcome.error().message);
    });
    await_start(*self, 2s, [&](result<void> outcome) {
      seen.push_back(outcome ? "never" : "timed out");
    });
  });
  drain();
  CHECK(seen == std::vector<std::string>{"early"});
  late(fail(errc::internal, "no fuel"));
  drain();
  CHECK(seen.back() == "no fuel");
  advance(3s);
  CHECK(seen.size() == 3);
  CHECK(seen.back() == "timed out");
  late = nullptr;
  caf::anon_send_exit(supervisor, caf::exit_reason::kill);
}

} // namespace weft
