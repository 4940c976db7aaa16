#include "spaces/field.hpp"

namespace weft::spaces {

value field::to_value() const {
  switch (type()) {
  case field_type::null:
    return {};
  case field_type::boolean:
    return as_bool();
  case field_type::i64:
    return as_i64();
  case field_type::f64:
    return as_f64();
  case field_type::string:
    return std::string{as_text()};
  case field_type::bytes:
    return byte_string{std::string{as_text()}};
  case field_type::f64_array: {
    const auto doubles = as_array();
    return f64_array(doubles.begin(), doubles.end());
  }
  case field_type::list:
    break;
  }
  value_list elements;
  elements.reserve(size());
  for (std::size_t i = 0; i < size(); ++i)
    elements.push_back(element(i).to_value());
  return elements;
}

} // namespace weft::spaces
