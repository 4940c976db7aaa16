#pragma once

#include "config/options.hpp"

#include <span>
#include <string_view>

namespace weft::config {

/// The names of an enumeration's values in their order, as a cluster file
/// spells them.
template <class Enum>
std::span<const std::string_view> names_of();

template <>
std::span<const std::string_view> names_of<log_format>();
template <>
std::span<const std::string_view> names_of<log_level>();
template <>
std::span<const std::string_view> names_of<restart_kind>();
template <>
std::span<const std::string_view> names_of<space_backend>();
template <>
std::span<const std::string_view> names_of<space_routing>();
template <>
std::span<const std::string_view> names_of<space_placement>();

std::string_view to_string(log_format value);
std::string_view to_string(log_level value);
std::string_view to_string(restart_kind value);
std::string_view to_string(space_backend value);
std::string_view to_string(space_routing value);
std::string_view to_string(space_placement value);

} // namespace weft::config
