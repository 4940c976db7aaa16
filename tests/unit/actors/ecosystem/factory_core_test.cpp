#include "actors/ecosystem/factory_core.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace weft::actors {

namespace {

factory_order order(std::string name = {}, std::string restart = "temporary") {
  return {"r1", "hello.greeter", std::move(name), "null", std::move(restart)};
}

} // namespace

TEST_CASE("a child gets the name it asks for, or a made-up one that is free") {
  factory_core core;
  CHECK(core.reserve(order("greeter-1"))->key() == "hello/greeter-1");
  CHECK(core.reserve(order())->key() == "hello/greeter-2");
  CHECK(core.reserve(order())->key() == "hello/greeter-3");
  const auto taken = core.reserve(order("greeter-3"));
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == errc::already_exists);
  CHECK(core.running() == 3);
}

TEST_CASE("each field of a wrong order is named in the refusal") {
  factory_core core{{10, 4}};
  const auto message = [&](factory_order wrong) {
    const auto refused = core.reserve(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
    return refused.error().message;
  };
  auto wrong = order();
  wrong.request_id = "";
  CHECK(message(wrong)
        == "spawn request: request_id: expected 1 to 200 bytes, got \"\"");
  wrong = order();
  wrong.type = "greeter";
  CHECK(message(wrong)
        == "spawn request: type: expected module.actor such as hello.greeter, "
           "got \"greeter\"");
  wrong.type = "." + std::string(500, 'x');
  CHECK(message(wrong).size() < 200);
  CHECK(message(order("a/b")).starts_with("spawn request: name: "));
  CHECK(message(order("a", "always"))
        == "spawn request: restart: expected permanent, transient or "
           "temporary, got \"always\"");
  wrong = order();
  wrong.arguments = "[1,2]";
  CHECK(message(wrong)
        == "spawn request: arguments: expected at most 4B, got \"[1,2]\"");
  CHECK(core.running() == 0);
}

TEST_CASE("the limit counts what runs or is being started, nothing else") {
  factory_core core{{2, 100}};
  const auto first = core.reserve(order("a", "permanent"));
  const auto second = core.reserve(order("b", "permanent"));
  CHECK(core.reserve(order("c")).error()
        == failure{errc::exhausted, "cannot start a hello.greeter: 2 actors "
                                    "run on this node, which is its limit"});
  core.release(*second);
  REQUIRE(core.reserve(order("c")));
  core.runs(*first, "permanent", 1);
  CHECK(core.running() == 2);
  core.ended(*first, 1, false);
  CHECK(core.running() == 1);
  CHECK(core.reserve(order("d")));
}

TEST_CASE("a child is forgotten when its supervisor will not restart it") {
  const auto left_after = [](const char* restart, bool orderly) {
    factory_core core;
    const auto where = core.reserve(order("a", restart));
    core.runs(*where, restart, 1);
    core.settle(*where, "n1/hello/a");
    REQUIRE(core.find("n1/hello/a"));
    CHECK(core.ended(*where, 1, orderly)
          == (restart == std::string_view{"transient"} && orderly));
    CHECK(core.running() == 0);
    return core.find("n1/hello/a") != nullptr;
  };
  CHECK_FALSE(left_after("temporary", false));
  CHECK_FALSE(left_after("temporary", true));
  CHECK_FALSE(left_after("transient", true));
  CHECK(left_after("transient", false));
  CHECK(left_after("permanent", true));
  CHECK(left_after("permanent", false));
}

TEST_CASE("the end of an earlier incarnation does not touch a later one") {
  factory_core core;
  const auto where = core.reserve(order("a", "permanent"));
  core.runs(*where, "permanent", 1);
  core.runs(*where, "permanent", 2);
  CHECK(core.running() == 1);
  core.ended(*where, 1, false);
  CHECK(core.running() == 1);
  core.ended(*where, 2, false);
  core.ended(*where, 2, false);
  CHECK(core.running() == 0);
}

TEST_CASE("a removed child's name and place are free") {
  factory_core core;
  const auto where = core.reserve(order("a"));
  core.settle(*where, "n1/hello/a");
  core.remove("n1/hello/a");
  core.remove("n1/hello/a");
  CHECK_FALSE(core.find("n1/hello/a"));
  CHECK(core.running() == 0);
  CHECK(core.reserve(order("a")));
}

TEST_CASE("the name of a child that has ended may be tried again") {
  factory_core core;
  const auto where = core.reserve(order("a", "permanent"));
  core.runs(*where, "permanent", 1);
  core.settle(*where, "n1/hello/a");
  CHECK_FALSE(core.reserve(order("a")));
  core.ended(*where, 1, false);
  REQUIRE(core.reserve(order("a")));
  CHECK(core.running() == 1);
  CHECK_FALSE(core.reserve(order("a")));
  core.runs(*where, "temporary", 2);
  core.settle(*where, "n1/hello/a");
  core.ended(*where, 2, false);
  CHECK_FALSE(core.find("n1/hello/a"));
  CHECK(core.running() == 0);
}

TEST_CASE("a start that is refused leaves the child that has the name") {
  factory_core core;
  const auto where = core.reserve(order("a", "permanent"));
  core.runs(*where, "permanent", 1);
  core.settle(*where, "n1/hello/a");
  core.ended(*where, 1, false);
  const auto again = [&] { REQUIRE(core.reserve(order("a"))); };
  again();
  core.release(*where);
  CHECK(core.running() == 0);
  CHECK(core.find("n1/hello/a"));
  // It comes back before the refusal.
  again();
  core.runs(*where, "permanent", 2);
  core.release(*where);
  CHECK(core.running() == 1);
  core.ended(*where, 2, true);
  CHECK(core.find("n1/hello/a"));
  // Nobody answers.
  again();
  core.forget_unsettled();
  CHECK(core.running() == 0);
  again();
}

TEST_CASE("of many children that wait for a restart, the longest idle are "
          "forgotten") {
  factory_core core{{2, 100}};
  for (const std::string name : {"a", "b", "c"}) {
    const auto where = core.reserve(order(name, "permanent"));
    REQUIRE(where);
    core.settle(*where, "n1/hello/" + name);
    for (std::uint64_t incarnation = 1; incarnation < 5; ++incarnation) {
      core.runs(*where, "permanent", incarnation);
      core.ended(*where, incarnation, false);
    }
  }
  CHECK_FALSE(core.find("n1/hello/a"));
  CHECK(core.find("n1/hello/c"));
  core.runs({"hello", "a"}, "permanent", 9);
  CHECK(core.running() == 1);
}

} // namespace weft::actors
