#include "tests/unit/supervision/core_world.hpp"

namespace weft::supervision::test {

namespace {

constexpr auto permanent = restart_kind::permanent;
constexpr auto transient = restart_kind::transient;
constexpr auto temporary = restart_kind::temporary;

std::vector<child_policy> three(restart_kind b = permanent) {
  return {child("a"), child("b", b), child("c")};
}

} // namespace

TEST_CASE("the end of a child is answered as its strategy says") {
  struct row {
    strategy how;
    const char* expected;
  };
  for (const auto& [how, expected] :
       {row{strategy::one_for_one, "*b+b"},
        row{strategy::one_for_all, "*b-c-a+a+b+c"},
        row{strategy::rest_for_one, "*b-c+b+c"}}) {
    world w{with(how), three()};
    CHECK(w.news() == "+a+b+c");
    CHECK(w.is_ready);
    w.end("b");
    CHECK(w.news() == expected);
    w.shut_down();
    CHECK(w.news() == "-c-b-a");
    REQUIRE(w.finished);
    CHECK(w.finished->why.empty());
  }
}

TEST_CASE("the restart kind decides which ends are answered") {
  struct row {
    restart_kind kind;
    end_kind end;
    const char* log;
    const char* state;
  };
  for (const auto& [kind, end, log, state] :
       {row{permanent, end_kind::normal, "*b+b", "running"},
        row{permanent, end_kind::shutdown, "*b+b", "running"},
        row{permanent, end_kind::abnormal, "*b+b", "running"},
        row{transient, end_kind::normal, "*b", "stopped"},
        row{transient, end_kind::shutdown, "*b", "stopped"},
        row{transient, end_kind::abnormal, "*b+b", "running"},
        row{temporary, end_kind::normal, "*b", "no such child"},
        row{temporary, end_kind::shutdown, "*b", "no such child"},
        row{temporary, end_kind::abnormal, "*b", "no such child"}}) {
    world w{with(strategy::one_for_one), three(kind)};
    w.news();
    w.end("b", end);
    CHECK(w.news() == log);
    CHECK(w.state("b") == state);
  }
}

TEST_CASE("a temporary child that a sibling's restart stops is gone") {
  world w{with(strategy::one_for_all), three(temporary)};
  w.news();
  w.end("a");
  CHECK(w.news() == "*a-c-b+a+c");
  CHECK(w.state("b") == "no such child");
}

TEST_CASE("a group restart also starts what had ended for good") {
  world w{with(strategy::one_for_all), three(transient)};
  w.end("b", end_kind::normal);
  CHECK(w.terminate("c") == "ok, ran");
  w.news();
  w.end("a");
  CHECK(w.news() == "*a+a+b+c");
}

TEST_CASE("the restart that exceeds the intensity stops all and finishes") {
  world w{with(strategy::one_for_one, 2), three()};
  w.end("b");
  w.end("b");
  CHECK_FALSE(w.finished);
  w.news();
  w.end("b");
  CHECK(w.news() == "*b-c-a");
  REQUIRE(w.finished);
  CHECK(w.finished->why
        == "supervisor n2/hello gave up: b ended 3 times within 5s, last: "
           "it threw: no fuel");
}

TEST_CASE("several children share the intensity") {
  world w{with(strategy::one_for_one, 2), three()};
  w.end("a");
  w.end("b");
  w.end("c");
  REQUIRE(w.finished);
  CHECK(w.finished->why
        == "supervisor n2/hello gave up: its children ended 3 times "
           "within 5s, the last, c: it threw: no fuel");
}

TEST_CASE("a restart of a group counts once") {
  world w{with(strategy::one_for_all, 1), three()};
  w.end("a");
  CHECK_FALSE(w.finished);
  w.end("a");
  CHECK(w.finished);
}

TEST_CASE("a restart leaves the window after exactly the period") {
  for (const auto later : {0ns, 1ns}) {
    world w{with(strategy::one_for_one, 1), three()};
    w.end("a");
    w.advance(5s + later);
    w.end("a");
    CHECK(w.finished.has_value() == (later == 0ns));
  }
}

TEST_CASE("a failed restart is tried again, and each attempt counts") {
  world w{with(strategy::one_for_one, 3), three()};
  w.news();
  w.failing["b"] = 2;
  w.end("b");
  CHECK(w.state("b") == "restarting");
  while (w.advance_to_deadline()) {
  }
  CHECK(w.news() == "*b!b!b+b");
  w.failing["b"] = 9;
  w.end("b");
  REQUIRE(w.finished);
  CHECK(w.finished->why.find("ended 4 times within 5s, last: it threw")
        != std::string::npos);
}

TEST_CASE("a group whose restart fails goes on from the child that failed") {
  world w{with(strategy::rest_for_one, 5), three()};
  w.news();
  w.failing["b"] = 1;
  w.end("a");
  CHECK(w.news() == "*a-c-b+a!b");
  w.advance_to_deadline();
  CHECK(w.news() == "+b+c");

  world all{with(strategy::one_for_all, 5), three()};
  all.news();
  all.failing["b"] = 1;
  all.end("a");
  CHECK(all.news() == "*a-c-b+a!b");
  all.advance_to_deadline();
  CHECK(all.news() == "-a+a+b+c");
}

TEST_CASE("a child that does not start at first fails the supervisor") {
  world w{with(strategy::one_for_one), {}};
  w.news();
  restart_policy_core core{"n2/hello", with(strategy::one_for_one), 1};
  REQUIRE(core.start_up(three(), w.now));
  CHECK(core.started(1, 1, w.now) == restart_policy_core::verdict::accepted);
  core.not_started(2, 1, "no room", w.now);
  core.ended(1, 1, end_kind::shutdown, "shutdown", w.now);
  std::optional<effect::finish> finish;
  while (auto next = core.next_effect())
    if (auto* found = std::get_if<effect::finish>(&*next))
      finish = *found;
  REQUIRE(finish);
  CHECK_FALSE(finish->was_ready);
  CHECK(finish->why == "n2/hello/b did not start: no room");
}

TEST_CASE("significant children end the supervisor as auto_shutdown says") {
  struct row {
    auto_shutdown rule;
    std::vector<const char*> ends;
    bool finished;
  };
  for (const auto& [rule, ends, finished] :
       {row{auto_shutdown::any_significant, {"x"}, false},
        row{auto_shutdown::any_significant, {"a"}, true},
        row{auto_shutdown::all_significant, {"a"}, false},
        row{auto_shutdown::all_significant, {"a", "b"}, true}}) {
    auto policy = with(strategy::one_for_one);
    policy.auto_shutdown = rule;
    world w{policy,
            {significant("a", transient), significant("b", temporary),
             child("x", temporary)}};
    for (const auto* id : ends)
      w.end(id, end_kind::normal);
    CHECK(w.finished.has_value() == finished);
    if (finished)
      CHECK(w.finished->why.find("which is significant, ended")
            != std::string::npos);
  }
}

TEST_CASE("a significant child that is restarted or terminated ends nothing") {
  auto policy = with(strategy::one_for_one);
  policy.auto_shutdown = auto_shutdown::any_significant;
  world w{policy, {significant("a", transient), child("b")}};
  w.end("a", end_kind::abnormal);
  CHECK_FALSE(w.finished);
  CHECK(w.terminate("a") == "ok, ran");
  CHECK_FALSE(w.finished);
}

TEST_CASE("commands on children answer as OTP's do") {
  world w{with(strategy::one_for_one), three(temporary)};
  CHECK(w.restart("a").find("runs; terminate it first") != std::string::npos);
  CHECK(w.remove("a").find("runs; terminate it first") != std::string::npos);
  CHECK(w.add(child("a")).find("runs already") != std::string::npos);
  CHECK(w.terminate("a") == "ok, ran");
  CHECK(w.terminate("a") == "ok");
  CHECK(w.add(child("a")).find("present but does not run")
        != std::string::npos);
  CHECK(w.restart("a") == "ok");
  CHECK(w.terminate("a") == "ok, ran");
  CHECK(w.remove("a") == "ok");
  CHECK(w.terminate("a")
        == "not_found: supervisor n2/hello has no child a; did you mean b?; "
           "it has b, c");
  CHECK(w.terminate("b") == "ok, ran");
  CHECK(w.state("b") == "no such child");
  w.news();
  CHECK(w.add(child("a")) == "ok");
  w.shut_down();
  CHECK(w.news() == "+a-a-c");
}

TEST_CASE("an added child whose start fails is not kept") {
  world w{with(strategy::one_for_one), {}};
  w.failing["a"] = 1;
  CHECK(w.add(child("a")) == "unavailable: n2/hello/a did not start: no room");
  CHECK(w.state("a") == "no such child");
  CHECK(w.add(child("a")) == "ok");
}

TEST_CASE("a start function may choose not to start its child") {
  world w{with(strategy::one_for_one), {}};
  w.idle = {"a", "b"};
  CHECK(w.add(child("a")) == "ok");
  CHECK(w.state("a") == "stopped");
  CHECK(w.add(child("b", temporary)) == "ok");
  CHECK(w.state("b") == "no such child");
}

TEST_CASE("terminating a child that waits for its restart calls that off") {
  auto policy = with(strategy::one_for_one);
  policy.backoff.first = 1s;
  world w{policy, three()};
  w.end("b");
  CHECK(w.state("b") == "restarting");
  CHECK(w.restart("b").find("is being restarted already") != std::string::npos);
  CHECK(w.remove("b").find("is being restarted; terminate it first")
        != std::string::npos);
  w.news();
  CHECK(w.terminate("b") == "ok");
  CHECK_FALSE(w.advance_to_deadline());
  CHECK(w.news() == "");
  CHECK(w.state("b") == "stopped");
}

TEST_CASE("instances of one template are added, ended and restarted alone") {
  world w{with(strategy::simple_one_for_one, 5), {child("w", transient)}};
  CHECK(w.news() == "");
  CHECK(w.add_instance() == "ok");
  CHECK(w.add_instance() == "ok");
  CHECK(w.news() == "+w-1+w-2");
  w.end("w-1");
  w.end("w-2", end_kind::normal);
  CHECK(w.news() == "*w-1+w-1*w-2");
  CHECK(w.state("w-2") == "no such child");
  CHECK(w.terminate("w-1").find("is simple_one_for_one") != std::string::npos);
  CHECK(w.add(child("x")).find("add an instance") != std::string::npos);
  const auto key = *w.core.find("w-1");
  CHECK(w.ask([&](ticket by) { w.core.terminate_instance(by, key, w.now); })
        == "ok, ran");
  CHECK(w.core.size() == 0);
  w.shut_down();
  CHECK(w.finished);
}

TEST_CASE("an id that is misspelt is answered with the nearest one") {
  world w{with(strategy::one_for_one),
          {child("greeter-1"), child("greeter-2"), child("count"), child("d"),
           child("e"), child("f")}};
  CHECK(w.terminate("greter-2")
        == "not_found: supervisor n2/hello has no child greter-2; did you "
           "mean greeter-2?; it has greeter-1, greeter-2, count, d, e and 1 "
           "more");
}

TEST_CASE("wrong specifications are refused with what is wrong") {
  restart_policy_core core{"n2/hello", with(strategy::one_for_one), 1};
  const auto says = [&](std::vector<child_policy> children,
                        std::string_view text) {
    const auto refused = core.start_up(std::move(children), time_point{1h});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
    CAPTURE(refused.error().message);
    CHECK(refused.error().message.find(text) != std::string::npos);
  };
  says({child("a"), child("a")}, "two children are called a");
  says({child("no/slash")}, "child id: expected 1 to 64 characters");
  says({significant("a", transient)}, "auto_shutdown is never");
  auto late = child("a");
  late.start_timeout = 0s;
  says({late}, "start_timeout: expected more than 0, got 0");
}

} // namespace weft::supervision::test
