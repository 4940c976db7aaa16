#include "tests/unit/supervision/supervisor_fixture.hpp"

#include <algorithm>

namespace weft::supervision::test {

TEST_CASE_FIXTURE(supervised,
                  "children start in order and stop in reverse order") {
  begin(options(strategy::one_for_one, {child("a"), child("b"), child("c")}));
  CHECK(news() == "+a+b+c");
  CHECK(ask<std::uint64_t>(top, await_ready{}) == 3u);
  const auto stopped = ask<supervisor_stopped>(top, stop_supervisor{});
  REQUIRE(stopped);
  CHECK(stopped->abandoned.empty());
  CHECK(news() == "-c-b-a");
  CHECK(ended == "shutdown");
}

TEST_CASE_FIXTURE(supervised, "a supervisor that gives up names the child and "
                              "the last reason") {
  begin(options(strategy::one_for_one, {child("a"), child("greeter-3")}));
  for (int i = 0; i < 4; ++i)
    tell("greeter-3", crash);
  CHECK(ended
        == "shutdown (supervisor n2/hello gave up: greeter-3 ended 4 "
           "times within 5s, last: it threw: no fuel)");
  const auto gave_up =
      std::find_if(events.begin(), events.end(), [](const auto& event) {
        return event.kind == event_kind::gave_up;
      });
  REQUIRE(gave_up != events.end());
  CHECK(gave_up->path == "n2/hello");
  CHECK(alive.empty());
}

TEST_CASE_FIXTURE(supervised, "an observer learns what happens to whom") {
  begin(options(strategy::one_for_one, {child("a")}));
  tell("a", crash);
  REQUIRE(events.size() == 3);
  CHECK(events[0].kind == event_kind::started);
  CHECK(events[0].path == "n2/hello/a");
  CHECK(events[1].kind == event_kind::stopped);
  CHECK(events[1].reason == "it threw: no fuel");
  CHECK(events[2].kind == event_kind::restarted);
  CHECK(events[2].restarts == 1);
}

TEST_CASE_FIXTURE(supervised, "a child that leaves or is killed is restarted "
                              "as its restart kind says") {
  begin(options(strategy::one_for_one,
                {child("p"), child("t", restart_kind::transient)}));
  news();
  tell("t", leave);
  CHECK(news() == "-t");
  tell("p", leave);
  CHECK(news() == "-p+p");
  CHECK(ask<child_started>(top, restart_child{"t"}).has_value());
  caf::anon_send_exit(alive.at("t"), caf::exit_reason::kill);
  drain();
  CHECK(news() == "+t-t+t");
}

TEST_CASE_FIXTURE(supervised, "children are added, terminated, restarted, "
                              "deleted and listed by command") {
  begin(options(strategy::one_for_one, {child("a")}));
  const auto added = ask<child_started>(top, child("b"));
  REQUIRE(added);
  CHECK(added->path == "n2/hello/b");
  CHECK(added->actor == caf::actor_cast<caf::strong_actor_ptr>(alive.at("b")));
  CHECK(ask<bool>(top, terminate_child{"a"}) == true);
  CHECK(ask<bool>(top, terminate_child{"a"}) == false);
  const auto list = ask<std::vector<child_info>>(top, list_children{});
  REQUIRE(list);
  REQUIRE(list->size() == 2);
  CHECK(list->at(0).id == "a");
  CHECK(list->at(0).state == child_state::stopped);
  CHECK_FALSE(list->at(0).actor);
  CHECK(list->at(1).state == child_state::running);
  CHECK(ask<child_started>(top, restart_child{"a"}).has_value());
  CHECK(ask<std::uint64_t>(top, delete_child{"a"}).error().code
        == errc::already_exists);
  CHECK(ask<bool>(top, terminate_child{"a"}) == true);
  CHECK(ask<std::uint64_t>(top, delete_child{"a"}) == 1u);
  CHECK(ask<bool>(top, terminate_child{"a"}).error().code == errc::not_found);
  CHECK(ask<std::vector<child_info>>(top, list_children{0})->empty());
}

TEST_CASE_FIXTURE(supervised,
                  "a start function that throws is a failure with its text") {
  begin(options(strategy::one_for_one, {}));
  failing["a"] = 1;
  CHECK(ask<child_started>(top, child("a")).error()
        == failure{errc::unavailable,
                   "n2/hello/a did not start: it threw: no room"});
  child_spec empty;
  empty.id = "b";
  CHECK(ask<child_started>(top, empty).error().message
        == "n2/hello/b did not start: it has no start function");
}

TEST_CASE_FIXTURE(supervised, "a start may be reported later, and the "
                              "supervisor serves meanwhile") {
  begin(options(strategy::one_for_one, {child("a")}));
  caf::actor factory =
      system.spawn([](caf::event_based_actor*) -> caf::behavior {
        return {[](int) { return 7; }};
      });
  auto slow = child("b");
  slow.start = [&, start = slow.start](caf::event_based_actor& above,
                                       start_done done) {
    request(&above, factory, 5s, 1)
        .then([start, done, &above](int) { start(above, done); },
              [done](const caf::error& error) {
                done(tl::unexpected(from_caf(error)));
              });
  };
  news();
  auto added = self->request(top, caf::infinite, slow);
  const auto list = ask<std::vector<child_info>>(top, list_children{});
  CHECK(list.has_value());
  CHECK(news() == "+b");
  bool answered = false;
  added.receive([&](const child_started&) { answered = true; },
                [](const caf::error&) {});
  CHECK(answered);
  caf::anon_send_exit(factory, caf::exit_reason::kill);
}

TEST_CASE_FIXTURE(supervised, "an actor whose start is reported too late is "
                              "ended") {
  begin(options(strategy::one_for_one, {}));
  start_done late;
  caf::actor actor;
  auto lazy = child("a");
  lazy.start_timeout = 2s;
  lazy.start = [&](caf::event_based_actor& above, start_done done) {
    late = std::move(done);
    actor = above.spawn(worker);
  };
  auto added = self->request(top, caf::infinite, lazy);
  drain();
  advance(2s);
  failure problem;
  added.receive([](const child_started&) {},
                [&](const caf::error& error) { problem = from_caf(error); });
  CHECK(problem.message
        == "n2/hello/a did not start: its start was not reported within 2s");
  std::string reason;
  actor->attach_functor(
      [&](const caf::error& error) { reason = describe_exit(error); });
  late(caf::actor_cast<caf::strong_actor_ptr>(actor));
  drain();
  CHECK(reason == "killed (it was started too late)");
  late = nullptr;
}

TEST_CASE_FIXTURE(supervised, "a child that never returns from its handler is "
                              "abandoned and reported") {
  // A blocking actor that receives nothing stands for a stuck handler.
  caf::scoped_actor stuck{system};
  auto child = this->child("a");
  child.shutdown = shutdown_policy::within(1s);
  child.start = start_now([&](caf::event_based_actor&) {
    return caf::actor_cast<caf::strong_actor_ptr>(stuck);
  });
  begin(options(strategy::one_for_one, {child, this->child("b")}));
  news();
  auto stopped = self->request(top, caf::infinite, stop_supervisor{});
  drain();
  CHECK(news() == "-b");
  advance(1s);
  CHECK(ended.empty());
  advance(1s);
  CHECK(ended == "shutdown");
  std::vector<std::string> abandoned;
  stopped.receive([&](supervisor_stopped& it) { abandoned = it.abandoned; },
                  [](const caf::error&) {});
  CHECK(abandoned == std::vector<std::string>{"n2/hello/a"});
}

TEST_CASE_FIXTURE(supervised, "a child that ignores shutdown is killed after "
                              "its time") {
  auto child = this->child("a");
  child.shutdown = shutdown_policy::within(3s);
  child.start = start_now([this](caf::event_based_actor& above) {
    return logged("a", above.spawn(stubborn));
  });
  begin(options(strategy::one_for_one, {child}));
  auto asked = self->request(top, caf::infinite, terminate_child{"a"});
  drain();
  advance(2s);
  CHECK(alive.count("a") == 1);
  advance(1s);
  CHECK(alive.empty());
  asked.receive([](bool ran) { CHECK(ran); }, [](const caf::error&) {});
}

TEST_CASE_FIXTURE(supervised, "a restart waits for its back-off") {
  auto setup = options(strategy::one_for_one, {child("a")}, 9);
  setup.policy.backoff = {.first = 100ms, .max = 1s, .factor = 2, .jitter = 0};
  begin(setup);
  tell("a", crash);
  CHECK(alive.empty());
  advance(99ms);
  CHECK(alive.empty());
  advance(1ms);
  CHECK(alive.count("a") == 1);
  tell("a", crash);
  advance(100ms);
  CHECK(alive.empty());
  advance(100ms);
  CHECK(alive.count("a") == 1);
}

TEST_CASE_FIXTURE(supervised, "instances are added and terminated by actor") {
  begin(options(strategy::simple_one_for_one,
                {child("w", restart_kind::temporary)}));
  CHECK(news() == "");
  const auto first = ask<child_started>(top, add_instance{});
  REQUIRE(first);
  CHECK(first->path == "n2/hello/w-1");
  const auto own = ask<child_started>(top, add_instance{child("other").start});
  REQUIRE(own);
  CHECK(news() == "+w+other");
  CHECK(ask<bool>(top, terminate_instance{own->actor}) == true);
  CHECK(ask<bool>(top, terminate_instance{own->actor}) == false);
  CHECK(news() == "-other");
  CHECK(ask<std::string>(top, kill_child{"w-1", "test", 100})
        == "n2/hello/w-1");
  CHECK(news() == "-w");
  CHECK(ask<std::vector<child_info>>(top, list_children{})->empty());
  CHECK(ask<bool>(top, terminate_child{"w"}).error().code == errc::unsupported);
}

TEST_CASE_FIXTURE(supervised, "commands that overtake the start wait for it") {
  for (const auto how : {strategy::one_for_one, strategy::simple_one_for_one}) {
    const bool simple = how == strategy::simple_one_for_one;
    auto spawned = spawn_supervisor(system, options(how, {child("a")}));
    REQUIRE(spawned);
    const auto added = simple ? ask<child_started>(*spawned, add_instance{})
                              : ask<child_started>(*spawned, child("b"));
    CHECK(added.has_value());
    CHECK(news() == (simple ? "+a" : "+a+b"));
    CHECK(ask<supervisor_stopped>(*spawned, stop_supervisor{}).has_value());
    news();
  }
}

TEST_CASE_FIXTURE(supervised, "a supervisor that is stopped before it began "
                              "starts nothing") {
  auto spawned =
      spawn_supervisor(system, options(strategy::one_for_one, {child("a")}));
  REQUIRE(spawned);
  CHECK(ask<supervisor_stopped>(*spawned, stop_supervisor{}).has_value());
  CHECK(news() == "");
}

TEST_CASE_FIXTURE(supervised, "children of a supervisor that is killed end") {
  begin(options(strategy::one_for_one, {child("a"), child("b")}));
  news();
  caf::anon_send_exit(top, caf::exit_reason::kill);
  drain();
  CHECK(ended == "killed");
  CHECK(alive.empty());
}

TEST_CASE_FIXTURE(supervised, "children of a supervisor without a handle end") {
  begin(options(strategy::one_for_one, {child("a")}));
  top = nullptr;
  drain();
  CHECK(ended == "nobody held a handle to it any more");
  CHECK(alive.empty());
}

TEST_CASE_FIXTURE(supervised, "options that make no sense start nothing") {
  const auto says = [&](supervisor_options wrong, std::string_view text) {
    const auto refused = spawn_supervisor(system, std::move(wrong));
    REQUIRE_FALSE(refused);
    CAPTURE(refused.error().message);
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(refused.error().message.find(text) != std::string::npos);
  };
  auto wrong = options(strategy::one_for_one, {child("a"), child("a")});
  says(wrong, "supervisor n2/hello: two children are called a");
  wrong = options(strategy::simple_one_for_one, {});
  says(wrong, "expected one child, the template, got 0");
  wrong = options(strategy::one_for_one, {});
  wrong.path = "n2//hello";
  says(wrong, "got \"n2//hello\"");
  wrong.path = "n2";
  wrong.policy.period = 0s;
  says(wrong, "period: expected more than 0, got 0");
  wrong = options(strategy::one_for_one, {child_spec{.id = "a"}});
  says(wrong, "child a has no start function");
  wrong = options(strategy::one_for_one, {}, 2'000'000);
  says(wrong, "intensity: expected at most 1000000, got 2000000");
  CHECK(log.empty());
}

TEST_CASE_FIXTURE(
    supervised, "a function that is spawned by `spawning` says why it ended") {
  child_spec greeter;
  greeter.id = "greeter";
  greeter.start = spawning(
      [this](caf::event_based_actor* self,
             const std::string& greeting) -> caf::behavior {
        logged("g", self);
        return {[greeting](const std::string& who) -> std::string {
          if (who.empty())
            throw std::invalid_argument("nobody to greet");
          return greeting + who;
        }};
      },
      std::string{"hello "});
  begin(options(strategy::one_for_one, {greeter}));
  CHECK(ask<std::string>(alive.at("g"), std::string{"ada"}) == "hello ada");
  tell("g", "");
  CHECK(ask<std::vector<child_info>>(top, list_children{})->at(0).last_reason
        == "it threw: nobody to greet");
}

} // namespace weft::supervision::test
