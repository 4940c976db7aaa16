#pragma once

#include "runtime/module/argument_conversion.hpp"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Arguments that contain others: lists, maps, optional values, structs.
namespace weft::modules {

/// Adds what a struct's from_json said, without the library's prefix.
bool report_exception(const argument_place& at, std::string_view text,
                      problems& found);

/// Reports keys of `given` that `known` lacks, with the nearest spelling.
bool check_keys(const nlohmann::json& given, const nlohmann::json& known,
                const argument_place& at, problems& found);

/// A struct with from_json and to_json, as NLOHMANN_DEFINE_TYPE makes them.
template <class T>
concept json_struct =
    std::is_class_v<T> && std::default_initializable<T> && requires(
        const nlohmann::json& from, T& into, nlohmann::json& to) {
  from_json(from, into);
  to_json(to, into);
};

template <argument_type T>
struct argument_reader<std::vector<T>> {
  static std::string text() { return "list of " + argument_reader<T>::text(); }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   std::vector<T>& into, problems& found) {
    if (!value.is_array())
      return report(at, text(), value, found);
    bool good = true;
    for (std::size_t i = 0; i < value.size(); ++i) {
      T item{};
      good = argument_reader<T>::read(value[i], at.child(std::to_string(i)),
                                      item, found)
             && good;
      into.push_back(std::move(item));
    }
    return good;
  }
};

template <argument_type T>
struct argument_reader<std::map<std::string, T>> {
  static std::string text() { return "map to " + argument_reader<T>::text(); }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   std::map<std::string, T>& into, problems& found) {
    if (!value.is_object())
      return report(at, text(), value, found);
    bool good = true;
    for (const auto& [key, item] : value.items())
      good = argument_reader<T>::read(item, at.child(key), into[key], found)
             && good;
    return good;
  }
};

template <argument_type T>
struct argument_reader<std::optional<T>> {
  static std::string text() { return argument_reader<T>::text() + " or null"; }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   std::optional<T>& into, problems& found) {
    if (value.is_null())
      return true;
    return argument_reader<T>::read(value, at, into.emplace(), found);
  }
};

template <json_struct T>
struct argument_reader<T> {
  static std::string text() { return "map"; }
  static bool read(const nlohmann::json& value, const argument_place& at,
                   T& into, problems& found) {
    if (!value.is_object())
      return report(at, text(), value, found);
    nlohmann::json known;
    to_json(known, T{});
    bool good = check_keys(value, known, at, found);
    try {
      from_json(value, into);
    } catch (const std::exception& caught) {
      good = report_exception(at, caught.what(), found);
    }
    return good;
  }
};

} // namespace weft::modules
