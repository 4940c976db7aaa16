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

std::string_view to_string(log_format value);
std::string_view to_string(log_level value);
std::string_view to_string(restart_kind value);

} // namespace weft::config
