#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/message_samples.hpp"

#include <doctest/doctest.h>

#include <type_traits>
#include <utility>

namespace weft::actors {

namespace {

template <class T>
void check_round_trip(caf::actor_system& system,
                      const caf::strong_actor_ptr& actor, const char* name) {
  CAPTURE(name);
  const T value = sample<T>(actor);
  if constexpr (!std::is_empty_v<T>)
    CHECK(value != T{});
  CHECK(test::over_the_wire(system, value) == value);
  // As part of a message, where the type is found by its registered name.
  const auto message =
      test::over_the_wire(system, caf::make_message(value, 42));
  REQUIRE(message.template match_elements<T, int>());
  CHECK(message.template get_as<T>(0) == value);
  CHECK(message.template get_as<int>(1) == 42);
}

template <std::size_t... Index>
void check_all(caf::actor_system& system, const caf::strong_actor_ptr& actor,
               std::index_sequence<Index...>) {
  constexpr auto first = caf::id_block::weft_actors_first_type_id;
  (check_round_trip<typename caf::type_by_id<first + Index>::type>(
       system, actor, caf::type_name_by_id<first + Index>::value),
   ...);
}

} // namespace

TEST_CASE_FIXTURE(actors_fixture, "every registered message type crosses the "
                                  "wire whole") {
  constexpr auto first = caf::id_block::weft_actors_first_type_id;
  constexpr auto last = caf::id_block::weft_actors_last_type_id;
  static_assert(last > first);
  const auto actor = idler();
  check_all(system, pointer(actor),
            std::make_index_sequence<last - first + 1>{});
  end(actor);
}

TEST_CASE_FIXTURE(actors_fixture, "a state from a newer peer has a name too") {
  const auto future = static_cast<member_state>(77);
  CHECK(test::over_the_wire(system, future) == future);
  CHECK(to_string(future) == "unknown");
  CHECK(to_string(member_state::back) == "back");
}

} // namespace weft::actors
