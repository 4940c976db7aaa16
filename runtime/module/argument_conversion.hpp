#pragma once

#include "config/arguments.hpp"
#include "runtime/module/parameter.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

/// From the JSON of a cluster file to the parameters of a C++ function. Pure:
/// a mistake is added to a list and the conversion goes on, so that a user
/// sees all of them at once.
namespace weft::modules {

/// One value of the arguments and where it stands.
struct argument_place {
  const config::arguments* from;
  /// JSON pointer below the arguments: "/depth/0".
  std::string pointer;

  argument_place child(std::string_view key) const;
  /// A mistake in it; stands at the value or at the nearest one around it.
  config::problem problem(std::string message) const;
};

/// A value in words for a message: `text "many"`, `integer 300`, `a list`.
std::string describe_value(const nlohmann::json& value);

/// Adds "expected EXPECTED, got VALUE" to `found`; returns false.
bool report(const argument_place& at, std::string_view expected,
            const nlohmann::json& got, problems& found);

/// An integer between two bounds; `min` is at least int64's.
bool read_integer(const nlohmann::json& value, const argument_place& at,
                  std::int64_t min, std::uint64_t max, std::string_view type,
                  std::int64_t& low, std::uint64_t& high, problems& found);

/// A duration text ("250ms") that is a whole number of `unit` and fits
/// `max_count` of them.
bool read_duration(const nlohmann::json& value, const argument_place& at,
                   std::chrono::nanoseconds unit, std::string_view type,
                   std::chrono::nanoseconds& into, problems& found);

/// "integer" or "integer MIN..MAX" for the narrow types.
std::string integer_text(std::int64_t min, std::uint64_t max);

/// How a parameter type is read; specialised below for every supported type.
/// `text()` names it, `read` converts and returns false after a report.
template <class T>
struct argument_reader;

/// A type that arguments of actors and jobs can have.
template <class T>
concept argument_type = requires(const nlohmann::json& value,
                                 const argument_place& at, T& into,
                                 problems& found) {
  { argument_reader<T>::text() } -> std::convertible_to<std::string>;
  { argument_reader<T>::read(value, at, into, found) } -> std::same_as<bool>;
};

template <>
struct argument_reader<bool> {
  static std::string text() { return "true or false"; }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   bool& into, problems& found);
};

template <std::integral T>
struct argument_reader<T> {
  using limits = std::numeric_limits<T>;
  static std::string text() {
    return integer_text(limits::min(), limits::max());
  }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   T& into, problems& found) {
    std::int64_t low = 0;
    std::uint64_t high = 0;
    if (!read_integer(value, at, limits::min(), limits::max(), text(), low,
                      high, found))
      return false;
    into = low < 0 ? static_cast<T>(low) : static_cast<T>(high);
    return true;
  }
};

template <std::floating_point T>
struct argument_reader<T> {
  static std::string text() { return "number"; }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   T& into, problems& found) {
    if (!value.is_number())
      return report(at, text(), value, found);
    into = value.get<T>();
    return true;
  }
};

template <>
struct argument_reader<std::string> {
  static std::string text() { return "text"; }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   std::string& into, problems& found);
};

template <class Count, class Period>
struct argument_reader<std::chrono::duration<Count, Period>> {
  using duration = std::chrono::duration<Count, Period>;
  static std::string text() { return "duration such as 250ms"; }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   duration& into, problems& found) {
    std::chrono::nanoseconds whole{1};
    if constexpr (!std::chrono::treat_as_floating_point_v<Count>)
      whole = std::chrono::duration_cast<std::chrono::nanoseconds>(
          std::chrono::duration<std::int64_t, Period>{1});
    std::chrono::nanoseconds read{0};
    if (!read_duration(value, at, whole, text(), read, found))
      return false;
    into = std::chrono::duration_cast<duration>(read);
    return true;
  }
};

template <>
struct argument_reader<nlohmann::json> {
  static std::string text() { return "any value"; }
  static bool read(const nlohmann::json& value, const argument_place&,
                   nlohmann::json& into, problems&) {
    into = value;
    return true;
  }
};

} // namespace weft::modules
