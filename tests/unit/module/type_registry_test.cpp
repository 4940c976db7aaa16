#include "runtime/module/module.hpp"
#include "runtime/module/type_registry.hpp"

#include <doctest/doctest.h>

#include <string>

namespace weft::modules {

namespace {

caf::behavior nobody() {
  return {[](int) {}};
}

void nothing(job&) {}

module_definition hello(std::string file = {}) {
  module_registration module{"hello"};
  module.actor("greeter", nobody);
  module.job("party", nothing);
  auto finished = std::move(module).finish();
  REQUIRE(finished);
  finished->file = std::move(file);
  return std::move(*finished);
}

type_registry filled() {
  type_registry types;
  REQUIRE(types.add(hello()));
  return types;
}

std::string why_no_actor(std::string_view name) {
  const auto types = filled();
  const auto found = types.find_actor(name);
  REQUIRE_FALSE(found);
  CHECK(found.error().code == errc::not_found);
  return found.error().message;
}

} // namespace

TEST_CASE("actors and jobs are found by module and name") {
  const auto types = filled();
  CHECK((*types.find_actor("hello.greeter"))->name == "hello.greeter");
  CHECK((*types.find_job("hello.party"))->name == "hello.party");
  CHECK(types.actor_names() == std::vector<std::string>{"hello.greeter"});
  CHECK(types.job_names() == std::vector<std::string>{"hello.party"});
}

TEST_CASE("an unknown type says what may have been meant") {
  CHECK(why_no_actor("hello.greter")
        == "no actor type hello.greter is registered; did you mean "
           "hello.greeter?");
  CHECK(why_no_actor("hello.party")
        == "hello.party is the name of a type of job, expected one of actor");
  CHECK(why_no_actor("hello.teapot")
        == "no actor type hello.teapot is registered; there are: "
           "hello.greeter");
  CHECK(why_no_actor("kitchen.teapot")
        == "no actor type kitchen.teapot is registered; module kitchen is "
           "not loaded (loaded: hello), add it under modules:");
  CHECK(why_no_actor("teapot")
        == "no actor type teapot is registered; expected MODULE.NAME, one "
           "of: hello.greeter");
}

TEST_CASE("a job that is an actor is told so") {
  const auto types = filled();
  CHECK(types.find_job("hello.greeter").error().message
        == "hello.greeter is the name of a type of actor, expected one of job");
}

TEST_CASE("two modules of one name are refused with both places") {
  auto types = filled();
  const auto again = types.add(hello("./libhello.so"));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::already_exists);
  CHECK(again.error().message.find("one from the program itself and one from "
                                   "./libhello.so")
        != std::string::npos);
  CHECK(types.actor_names().size() == 1);
}

} // namespace weft::modules
