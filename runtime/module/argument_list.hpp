#pragma once

#include "runtime/module/argument_containers.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft::modules {

/// The value chosen for one parameter: from the file or its default.
struct chosen_argument {
  const nlohmann::json* value;
  argument_place place;
};

/// Assigns arguments to parameters: an array by position, an object by name,
/// null for none; defaults fill the rest. A single value that is neither is
/// refused. Reports unknown names (with the nearest spelling), missing values
/// and too many values; an entry is empty where nothing could be chosen.
/// The pointers refer to `given` and `parameters`.
std::vector<std::optional<chosen_argument>>
choose_arguments(const std::vector<parameter_info>& parameters,
                 const config::arguments& given, problems& found);

/// Matches the names given at registration with the types of the function's
/// parameters; none at all leaves them positional. Reports a wrong number,
/// bad and repeated names, and a parameter without default after one that has
/// one (positional arguments could not reach it).
std::vector<parameter_info>
describe_parameters(const std::vector<parameter>& named,
                    const std::vector<std::string>& types,
                    const std::vector<bool>& optional, problems& found);

template <class T>
inline constexpr bool is_optional_v = false;
template <class T>
inline constexpr bool is_optional_v<std::optional<T>> = true;

/// Converts all arguments; absent when anything was reported.
template <class... Ts>
std::optional<std::tuple<Ts...>>
convert_arguments(const std::vector<parameter_info>& parameters,
                  const config::arguments& given, problems& found) {
  const auto before = found.size();
  const auto chosen = choose_arguments(parameters, given, found);
  std::tuple<Ts...> values;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    [[maybe_unused]] auto read =
        [&]<class T>(const std::optional<chosen_argument>& from, T& into) {
          if (from)
            argument_reader<T>::read(*from->value, from->place, into, found);
        };
    (read(chosen[Index], std::get<Index>(values)), ...);
  }
  (std::index_sequence_for<Ts...>{});
  if (found.size() > before)
    return std::nullopt;
  return values;
}

/// The descriptions of parameters of types `Ts`, whose defaults are converted
/// too, so that a wrong one is found when the module is loaded.
template <class... Ts>
std::vector<parameter_info> make_parameters(const std::vector<parameter>& named,
                                            problems& found) {
  auto described = describe_parameters(named, {argument_reader<Ts>::text()...},
                                       {is_optional_v<Ts>...}, found);
  if (described.size() != sizeof...(Ts))
    return described;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    [[maybe_unused]] auto check = [&]<class T>(std::type_identity<T>,
                                               const parameter_info& info) {
      if (!info.default_value)
        return;
      const config::arguments none{{}, {}, "default of " + info.name};
      T into{};
      argument_reader<T>::read(*info.default_value, {&none, ""}, into, found);
    };
    (check(std::type_identity<Ts>{}, described[Index]), ...);
  }
  (std::index_sequence_for<Ts...>{});
  return described;
}

} // namespace weft::modules
