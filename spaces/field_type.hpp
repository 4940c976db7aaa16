#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weft::spaces {

/// The types of fields. The numbers are those of the binary encoding.
enum class field_type : std::uint8_t {
  null = 0,
  boolean = 1,
  i64 = 2,
  f64 = 3,
  string = 4,
  bytes = 5,
  f64_array = 6,
  list = 7,
};

inline constexpr std::size_t field_types = 8;

/// "null", "bool", "i64", "f64", "string", "bytes", "f64_array", "list".
std::string_view to_string(field_type type) noexcept;

/// The type of that name.
std::optional<field_type> field_type_of(std::string_view name) noexcept;

} // namespace weft::spaces
