#include "runtime/supervision/unfinished_starts.hpp"
#include "tests/unit/supervision/supervisor_fixture.hpp"

namespace weft::supervision::test {

namespace {

/// n2 -+- hello -+- a
///     |         +- b
///     +- single
struct tree_of_two : supervised {
  tree_of_two() {
    auto root = options(strategy::one_for_one,
                        {supervisor_child(hello()), child("single")}, 3);
    root.path = "n2";
    begin(root);
    CHECK(news() == "+a+b+single");
  }

  supervisor_options hello() {
    return options(strategy::one_for_one, {child("a"), child("b")}, 1);
  }

  tree_node tree() {
    auto answer = ask<tree_node>(top, tree_request{});
    REQUIRE(answer);
    return *answer;
  }
};

} // namespace

TEST_CASE_FIXTURE(tree_of_two, "a tree shows supervisors with their children") {
  tell("a", crash);
  advance(2500ms);
  const auto root = tree();
  CHECK(root.name == "n2");
  CHECK(root.state == child_state::running);
  REQUIRE(root.children.size() == 2);
  const auto& hello = root.children[0];
  CHECK(hello.name == "hello");
  CHECK(hello.kind == child_kind::supervisor);
  REQUIRE(hello.children.size() == 2);
  CHECK(hello.children[0].name == "a");
  CHECK(hello.children[0].restarts == 1);
  CHECK(hello.children[0].uptime_ms == 2500);
  CHECK(hello.children[0].last_reason == "it threw: no fuel");
  CHECK(hello.children[1].restarts == 0);
  CHECK(root.children[1].kind == child_kind::worker);
}

TEST_CASE_FIXTURE(tree_of_two, "a tree that is too wide counts what it omits") {
  const auto root = ask<tree_node>(top, tree_request{1000, 1});
  REQUIRE(root);
  CHECK(root->children.size() == 1);
  CHECK(root->omitted == 1);
  CHECK(root->children[0].omitted == 1);
}

TEST_CASE_FIXTURE(tree_of_two, "a silent supervisor is shown as unresponsive") {
  auto mute = child("mute");
  mute.kind = child_kind::supervisor;
  mute.start = start_now([](caf::event_based_actor& above) {
    return caf::actor_cast<caf::strong_actor_ptr>(
        above.spawn([](caf::event_based_actor* self) -> caf::behavior {
          return {[self](const tree_request&) -> caf::result<tree_node> {
            return self->make_response_promise<tree_node>();
          }};
        }));
  });
  CHECK(ask<child_started>(top, mute).has_value());
  auto pending = self->request(top, caf::infinite, tree_request{400, 100});
  drain();
  advance(401ms);
  tree_node root;
  pending.receive([&](tree_node& found) { root = std::move(found); },
                  [](const caf::error&) {});
  REQUIRE(root.children.size() == 3);
  CHECK(root.children[0].children.size() == 2);
  CHECK(root.children[2].state == child_state::unresponsive);
  CHECK(root.children[2].last_reason == "no answer came in time");
}

TEST_CASE_FIXTURE(tree_of_two, "a kill follows its path and the tree shows "
                               "the restart") {
  const auto before = alive.at("b");
  CHECK(ask<std::string>(top, kill_child{"hello/b", "by ada", 1000})
        == "n2/hello/b");
  CHECK(news() == "-b+b");
  CHECK(alive.at("b") != before);
  const auto b = tree().children[0].children[1];
  CHECK(b.restarts == 1);
  CHECK(b.last_reason == "killed (by ada)");
}

TEST_CASE_FIXTURE(tree_of_two, "a kill of what is not there says what is") {
  const auto says = [&](const std::string& path) {
    auto refused = ask<std::string>(top, kill_child{path, "test", 1000});
    REQUIRE_FALSE(refused);
    return to_string(refused.error());
  };
  CHECK(says("helo/b")
        == "not_found: supervisor n2 has no child helo; did you mean hello?; "
           "it has hello, single");
  CHECK(says("hello/c")
        == "not_found: supervisor n2/hello has no child c; did you mean a?; "
           "it has a, b");
  CHECK(says("single/x")
        == "not_found: n2/single is a worker and has no children");
  CHECK(ask<bool>(top, terminate_child{"single"}) == true);
  CHECK(says("single") == "unavailable: n2/single does not run: it is stopped");
}

TEST_CASE_FIXTURE(supervised, "a child that stands for a node is asked when it "
                              "is killed, and may refuse") {
  std::vector<std::string> asked;
  auto node = child("n3");
  node.kind = child_kind::node;
  node.start = start_now([&](caf::event_based_actor& above) {
    const auto ask = [&](const kill_child& what) -> caf::result<std::string> {
      asked.push_back(what.path + "|" + what.reason);
      if (asked.size() > 1)
        return to_caf({errc::unsupported, "not twice"});
      return std::string{"n1/n3"};
    };
    return logged("n3",
                  above.spawn([ask]() -> caf::behavior { return {ask}; }));
  });
  begin(options(strategy::one_for_one, {node}));
  CHECK(ask<std::string>(top, kill_child{"n3", "by ada", 1000}) == "n1/n3");
  const auto refused = ask<std::string>(top, kill_child{"n3", "by ada", 1000});
  CHECK(refused.error() == failure{errc::unsupported, "not twice"});
  CHECK(asked == std::vector<std::string>{"|by ada", "|by ada"});
  CHECK(news() == "+n3");
  CHECK(ask<bool>(top, terminate_child{"n3"}) == true);
}

TEST_CASE_FIXTURE(tree_of_two, "killing a supervisor ends its children, and "
                               "the one above starts it again") {
  CHECK(ask<std::string>(top, kill_child{"hello", "test", 1000}) == "n2/hello");
  drain();
  const auto happened = news();
  CHECK(happened.find("-a") != std::string::npos);
  CHECK(happened.find("-b") != std::string::npos);
  CHECK(happened.ends_with("+a+b"));
  CHECK(alive.size() == 3);
  CHECK(tree().children[0].restarts == 1);
}

TEST_CASE_FIXTURE(tree_of_two, "a supervisor that gives up is restarted by "
                               "the one above") {
  tell("a", crash);
  tell("a", crash);
  CHECK(news() == "-a+a-a-b+a+b");
  const auto hello = tree().children[0];
  CHECK(hello.restarts == 1);
  CHECK(hello.last_reason
        == "shutdown (supervisor n2/hello gave up: a ended 2 times "
           "within 5s, last: it threw: no fuel)");
}

TEST_CASE_FIXTURE(tree_of_two, "the whole tree stops in reverse order") {
  CHECK(ask<supervisor_stopped>(top, stop_supervisor{}).has_value());
  CHECK(news() == "-single-b-a");
  CHECK(ended == "shutdown");
}

TEST_CASE_FIXTURE(tree_of_two, "the loss of the root ends the whole tree") {
  caf::anon_send_exit(top, caf::exit_reason::kill);
  drain();
  CHECK(alive.empty());
}

TEST_CASE_FIXTURE(supervised, "a transient supervisor that gives up stays so") {
  auto root =
      options(strategy::one_for_one,
              {supervisor_child(options(strategy::one_for_one, {child("a")}, 0),
                                restart_kind::transient)});
  root.path = "n2";
  begin(root);
  tell("a", crash);
  CHECK(news() == "+a-a");
  CHECK(ended.empty());
}

TEST_CASE_FIXTURE(supervised, "a supervisor whose child does not start tells "
                              "the one above why") {
  failing["b"] = 1;
  begin([&] {
    auto root = options(strategy::one_for_one,
                        {supervisor_child(options(strategy::one_for_one,
                                                  {child("a"), child("b")}))});
    root.path = "n2";
    return root;
  }());
  CHECK(news() == "+a-a");
  CHECK(ended
        == "shutdown (n2/hello did not start: n2/hello/b did not start: it "
           "threw: no room)");
}

TEST_CASE_FIXTURE(supervised, "a tree that is not ready names what it waits "
                              "for, at every depth") {
  const auto mute = system.spawn([](caf::event_based_actor* self) {
    return caf::behavior{[self](int) -> caf::result<int> {
      return self->make_response_promise<int>();
    }};
  });
  auto slow = child("slow");
  slow.start = [&](caf::event_based_actor& above, const start_done& done) {
    weft::request(&above, mute, 5s, 1)
        .then([](int) {},
              [&, done](const caf::error&) {
                done(logged("slow", system.spawn(worker)));
              });
  };
  auto root =
      options(strategy::one_for_one,
              {child("single"),
               supervisor_child(options(strategy::one_for_one,
                                        {child("a"), slow, child("b")}))});
  root.path = "n2";
  begin(root);
  const auto unfinished = [&] {
    const auto tree = ask<tree_node>(top, tree_request{});
    REQUIRE(tree);
    return to_string(unfinished_starts(*tree));
  };
  CHECK(unfinished() == "n2/hello/slow is starting");
  advance(5s);
  CHECK(news() == "+single+a+slow+b");
  CHECK(unfinished().empty());
  caf::anon_send_exit(mute, caf::exit_reason::kill);
}

TEST_CASE("what a tree waits for is told with its reason, and not at length") {
  const auto node = [](std::string name, child_state state, std::string why,
                       std::vector<tree_node> children = {}) {
    return tree_node{std::move(name), child_kind::supervisor, state, 0, 0,
                     std::move(why),  std::move(children),    0};
  };
  const auto root =
      node("n2", child_state::starting, "",
           {node("a", child_state::running, "it threw: no fuel"),
            node("b", child_state::restarting, "it threw: no fuel"),
            node("c", child_state::unresponsive, "no answer came in time"),
            node("d", child_state::starting, "",
                 {node("e", child_state::stopped, ""),
                  node("f", child_state::starting, "")})});
  const auto all = unfinished_starts(root);
  CHECK(to_string(all)
        == "n2/b is restarting (it threw: no fuel), n2/c is unresponsive "
           "(no answer came in time), n2/d/f is starting");
  CHECK(to_string(all, 1)
        == "n2/b is restarting (it threw: no fuel) and 2 more");
  CHECK(to_string(unfinished_starts(node("n2", child_state::starting, "")))
        == "n2 is starting");
}

TEST_CASE_FIXTURE(supervised, "a supervisor that is stopped while a child "
                              "below starts does not wait for that start") {
  auto slow = child("slow");
  slow.shutdown = shutdown_policy::within(1s);
  slow.start = [](caf::event_based_actor&, const start_done&) {};
  auto root = options(
      strategy::one_for_one,
      {supervisor_child(options(strategy::one_for_one, {child("a"), slow}))});
  root.path = "n2";
  begin(root);
  CHECK(news() == "+a");
  auto stopped = self->request(top, caf::infinite, stop_supervisor{});
  drain();
  advance(1s);
  CHECK(news() == "-a");
  CHECK(ended == "shutdown");
  stopped.receive([](const supervisor_stopped&) {},
                  [](const caf::error&) { CHECK(false); });
}

} // namespace weft::supervision::test
