#include "tests/unit/supervision/supervisor_fixture.hpp"

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
        == "shutdown (supervisor n2/hello gave up: greeter-3 restarted 4 "
           "times within 5s, last: it threw: no fuel)");
  CHECK(events.back().kind != event_kind::gave_up);
}

} // namespace weft::supervision::test
