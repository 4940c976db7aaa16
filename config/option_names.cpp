#include "config/option_names.hpp"

#include "runtime/base/assert.hpp"

#include <array>
#include <cstddef>

namespace weft::config {

namespace {

constexpr std::array<std::string_view, 2> log_formats{"text", "json"};
constexpr std::array<std::string_view, 6> log_levels{"trace",   "debug", "info",
                                                     "warning", "error", "off"};
constexpr std::array<std::string_view, 3> restart_kinds{
    "permanent", "transient", "temporary"};
constexpr std::array<std::string_view, 4> space_backends{"memory", "sqlite",
                                                         "redis", "postgres"};
constexpr std::array<std::string_view, 2> space_routings{"hash", "number"};
constexpr std::array<std::string_view, 2> space_placements{"ring", "in_order"};

template <class Enum>
std::string_view name_of(Enum value) {
  const auto names = names_of<Enum>();
  const auto index = static_cast<std::size_t>(value);
  WEFT_ASSERT(index < names.size());
  return names[index];
}

} // namespace

template <>
std::span<const std::string_view> names_of<log_format>() {
  return log_formats;
}

template <>
std::span<const std::string_view> names_of<log_level>() {
  return log_levels;
}

template <>
std::span<const std::string_view> names_of<restart_kind>() {
  return restart_kinds;
}

template <>
std::span<const std::string_view> names_of<space_backend>() {
  return space_backends;
}

template <>
std::span<const std::string_view> names_of<space_routing>() {
  return space_routings;
}

template <>
std::span<const std::string_view> names_of<space_placement>() {
  return space_placements;
}

std::string_view to_string(log_format value) {
  return name_of(value);
}
std::string_view to_string(log_level value) {
  return name_of(value);
}
std::string_view to_string(restart_kind value) {
  return name_of(value);
}
std::string_view to_string(space_backend value) {
  return name_of(value);
}
std::string_view to_string(space_routing value) {
  return name_of(value);
}
std::string_view to_string(space_placement value) {
  return name_of(value);
}

} // namespace weft::config
