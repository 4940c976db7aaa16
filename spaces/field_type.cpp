#include "spaces/field_type.hpp"

namespace weft::spaces {

namespace {

constexpr std::array<std::string_view, field_types> type_names{
    "null", "bool", "i64", "f64", "string", "bytes", "f64_array", "list"};

} // namespace

std::string_view to_string(field_type type) noexcept {
  return type_names[static_cast<std::size_t>(type)];
}

std::optional<field_type> field_type_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < type_names.size(); ++i)
    if (type_names[i] == name)
      return static_cast<field_type>(i);
  return std::nullopt;
}

} // namespace weft::spaces
