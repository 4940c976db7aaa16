#include "runtime/caf/compat.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

using namespace std::chrono_literals;

namespace weft {

namespace {

using echo_actor = typed_actor<std::string(greet_atom, std::string), real(real),
                               void(stop_atom)>;

struct echo_state {
  static inline const char* name = "echo";
  int greeted = 0;
  monitors watched;
};

echo_actor::behavior_type echo(echo_actor::stateful_pointer<echo_state> self) {
  return {
      [self](greet_atom, const std::string& who) -> caf::result<std::string> {
        if (who.empty())
          return to_caf({errc::invalid_argument, "nobody to greet"});
        return std::to_string(++state(self).greeted) + " " + who;
      },
      [](real x) { return x; },
      [self](stop_atom) { self->quit(); },
  };
}

} // namespace

TEST_CASE_FIXTURE(
    test::deterministic_system,
    "a typed actor answers, and its failures keep code and text") {
  auto actor = system.spawn(echo);
  CHECK(ask<std::string>(actor, greet_atom_v, std::string{"ada"}) == "1 ada");
  const auto refused = ask<std::string>(actor, greet_atom_v, std::string{});
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == failure{errc::invalid_argument, "nobody to greet"});
}

TEST_CASE_FIXTURE(
    test::deterministic_system,
    "a request without an answer times out on the virtual clock") {
  auto mute = system.spawn([](caf::event_based_actor* self) -> caf::behavior {
    return {[self](int) -> caf::result<int> {
      return self->make_response_promise<int>();
    }};
  });
  std::optional<failure> seen;
  auto client = system.spawn([&](caf::event_based_actor* self) {
    request(self, mute, 5s, 1)
        .then([](int) {},
              [&](const caf::error& error) { seen = from_caf(error); });
  });
  drain();
  advance(4s);
  CHECK_FALSE(seen);
  advance(2s);
  REQUIRE(seen);
  CHECK(seen->code == errc::timed_out);
  caf::anon_send_exit(mute, caf::exit_reason::kill);
  caf::anon_send_exit(client, caf::exit_reason::kill);
}

TEST_CASE_FIXTURE(test::deterministic_system,
                  "each watched actor's end runs its own callback, once") {
  auto first = system.spawn(echo);
  auto second = system.spawn(echo);
  std::string log;
  auto watcher =
      system.spawn([&](caf::stateful_actor<echo_state>* self) -> caf::behavior {
        auto& watched = state(self).watched;
        watched.watch(self, first, [&](const caf::error& reason) {
          log += "first " + describe_exit(reason) + ";";
        });
        watched.watch(self, second, [&](const caf::error& reason) {
          log += "second " + describe_exit(reason) + ";";
        });
        return {[](int) {}};
      });
  drain();
  post(first, stop_atom_v);
  drain();
  CHECK(log == "first normal;");
  caf::anon_send_exit(second, caf::exit_reason::kill);
  drain();
  CHECK(log == "first normal;second killed;");
  caf::anon_send_exit(watcher, caf::exit_reason::kill);
}

TEST_CASE_FIXTURE(test::deterministic_system,
                  "reals of every kind cross the wire bit for bit") {
  using limits = std::numeric_limits<double>;
  for (const double value :
       {0.0, -0.0, 1.5, limits::infinity(), -limits::infinity(),
        limits::quiet_NaN(), limits::denorm_min(), limits::max()}) {
    const auto copy = test::over_the_wire(system, real{value});
    CHECK(std::bit_cast<std::uint64_t>(copy.value)
          == std::bit_cast<std::uint64_t>(value));
  }
}

TEST_CASE("a type that hides a raw double is not wire-safe") {
  CHECK_FALSE(wire_safe<double>);
  CHECK_FALSE(wire_safe<std::vector<float>>);
  CHECK_FALSE(wire_safe<std::map<std::string, std::vector<double>>>);
  CHECK_FALSE(wire_safe<std::tuple<int, const double&>>);
  CHECK_FALSE(wire_safe<std::array<double, 3>>);
  CHECK_FALSE(wire_safe<double[3]>);
  CHECK_FALSE(wire_safe<const float[2][3]>);
  CHECK_FALSE(wire_safe<const double(&)[3]>);
  CHECK(wire_safe<std::vector<real>>);
  CHECK(wire_safe<std::map<std::string, int>>);
  CHECK(wire_safe<const char(&)[6]>);
}

TEST_CASE("CAF's own errors come out in words") {
  CHECK(from_caf(caf::sec::request_timeout).code == errc::timed_out);
  CHECK(from_caf(caf::exit_reason::remote_link_unreachable)
        == failure{errc::unavailable, "its node is lost"});
  CHECK(describe_exit(caf::error{}) == "normal");
  CHECK(describe_exit(describe_exception(
            std::make_exception_ptr(std::runtime_error("no fuel"))))
        == "it threw: no fuel");
}

} // namespace weft
