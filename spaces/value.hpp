#pragma once

#include "spaces/field_type.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft::spaces {

struct value;

/// Bytes that are no text.
struct byte_string {
  std::string data;

  friend bool operator==(const byte_string&, const byte_string&) = default;
};

/// Doubles that lie one after the other.
using f64_array = std::vector<double>;

using value_list = std::vector<value>;

/// One field that stands for itself, outside of a tuple: what tuples and
/// patterns are built from where speed does not matter. Compare fields, not
/// values: `==` here is that of the C++ types.
struct value {
  /// In the order of `field_type`.
  using variant = std::variant<std::monostate, bool, std::int64_t, double,
                               std::string, byte_string, f64_array, value_list>;

  value() = default;
  value(std::nullptr_t) {}
  value(bool of) : is{of} {}
  value(int of) : is{std::int64_t{of}} {}
  value(std::int64_t of) : is{of} {}
  value(double of) : is{of} {}
  value(const char* of) : is{std::string{of}} {}
  value(std::string of) : is{std::move(of)} {}
  value(byte_string of) : is{std::move(of)} {}
  value(f64_array of) : is{std::move(of)} {}
  value(value_list of) : is{std::move(of)} {}

  // Not in the header: inlined into every user, they take long to compile, and
  // g++ 12 warns of what it does not understand.
  value(const value& other);
  value(value&& other) noexcept;
  value& operator=(const value& other);
  value& operator=(value&& other) noexcept;
  ~value();

  field_type type() const { return static_cast<field_type>(is.index()); }

  friend bool operator==(const value& a, const value& b);

  variant is;
};

} // namespace weft::spaces
