#pragma once

#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <type_traits>
#include <utility>

namespace weft::test {

/// Sends a value over the wire in a message, where its type is found by its
/// registered name. Every field must differ from its default, or one that
/// `inspect` forgets would not be missed.
template <class T>
void check_round_trip(caf::actor_system& system, const T& value,
                      const char* name) {
  CAPTURE(name);
  if constexpr (!std::is_empty_v<T>)
    CHECK((value != T{}));
  const auto message = over_the_wire(system, caf::make_message(value));
  REQUIRE(message.template match_elements<T>());
  CHECK((message.template get_as<T>(0) == value));
}

/// The same for every type of an ID block, which the system must know. A sample
/// of `T` is `samples(std::type_identity<T>{})`: without one for each type it
/// does not compile. `tidy.messages` wants this called for every block.
template <class Block, class Samples>
void check_block(caf::actor_system& system, const Samples& samples) {
  static_assert(Block::end > Block::begin);
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    const auto check =
        [&]<std::size_t Id>(std::integral_constant<std::size_t, Id>) {
          using type = typename caf::type_by_id<Id>::type;
          check_round_trip<type>(system, samples(std::type_identity<type>{}),
                                 caf::type_name_by_id<Id>::value);
        };
    (check(std::integral_constant<std::size_t, Block::begin + Index>{}), ...);
  }
  (std::make_index_sequence<Block::end - Block::begin>{});
}

} // namespace weft::test
