#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>

namespace weft {

namespace detail {

template <class T>
struct carries_raw_floating : std::is_floating_point<T> {};

template <class T>
struct carries_raw_floating<const T> : carries_raw_floating<T> {};

template <class T>
struct carries_raw_floating<T&> : carries_raw_floating<T> {};

template <class T>
struct carries_raw_floating<T&&> : carries_raw_floating<T> {};

template <class T, std::size_t Size>
struct carries_raw_floating<T[Size]> : carries_raw_floating<T> {};

// Else ambiguous: it is a constant as well as an array.
template <class T, std::size_t Size>
struct carries_raw_floating<const T[Size]> : carries_raw_floating<T> {};

template <class T, std::size_t Size>
struct carries_raw_floating<std::array<T, Size>> : carries_raw_floating<T> {};

template <template <class...> class Template, class... Ts>
struct carries_raw_floating<Template<Ts...>>
    : std::disjunction<carries_raw_floating<Ts>...> {};

} // namespace detail

/// A type that may stand in a message between nodes: no raw `double`, `float`
/// or `long double` in it, at any depth of containers. CAF 0.17 never returns
/// from serializing infinity and garbles NaN and denormals; `weft::real`
/// carries all of them. Fields of structs are checked by `weft::fields`.
template <class T>
concept wire_safe = !detail::carries_raw_floating<T>::value;

} // namespace weft
