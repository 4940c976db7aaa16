#pragma once

#include "actors/space/space_operations.hpp"
#include "runtime/base/result.hpp"
#include "spaces/client_core.hpp"

#include <type_traits>

namespace weft::actors {

/// What the answer to the call with this number means to who asked for an `R`:
/// the results of `space_operations`. A failure stays one; an answer of
/// another kind is `internal`.
template <class R>
result<R> meaning(spaces::space_answer what, spaces::call_number number);

template <>
result<void> meaning(spaces::space_answer what, spaces::call_number number);
template <>
result<bool> meaning(spaces::space_answer what, spaces::call_number number);
template <>
result<std::uint64_t> meaning(spaces::space_answer what,
                              spaces::call_number number);
template <>
result<tuple_key> meaning(spaces::space_answer what,
                          spaces::call_number number);
template <>
result<std::vector<tuple_key>> meaning(spaces::space_answer what,
                                       spaces::call_number number);
template <>
result<std::optional<spaces::tuple>> meaning(spaces::space_answer what,
                                             spaces::call_number number);
template <>
result<std::vector<spaces::tuple>> meaning(spaces::space_answer what,
                                           spaces::call_number number);
template <>
result<std::optional<std::vector<spaces::tuple>>>
meaning(spaces::space_answer what, spaces::call_number number);
template <>
result<std::optional<claimed_tuples>> meaning(spaces::space_answer what,
                                              spaces::call_number number);
template <>
result<swap_outcome> meaning(spaces::space_answer what,
                             spaces::call_number number);
template <>
result<spaces::value> meaning(spaces::space_answer what,
                              spaces::call_number number);
template <>
result<watch_key> meaning(spaces::space_answer what,
                          spaces::call_number number);
template <>
result<watch_news> meaning(spaces::space_answer what,
                           spaces::call_number number);
template <>
result<std::vector<spaces::space_statistics>>
meaning(spaces::space_answer what, spaces::call_number number);
template <>
result<spaces::reply::carried> meaning(spaces::space_answer what,
                                       spaces::call_number number);

} // namespace weft::actors
