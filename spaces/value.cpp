#include "spaces/value.hpp"

namespace weft::spaces {

value::value(const value& other) = default;
value::value(value&& other) noexcept = default;
value& value::operator=(const value& other) = default;
value& value::operator=(value&& other) noexcept = default;
value::~value() = default;

bool operator==(const value& a, const value& b) {
  return a.is == b.is;
}

} // namespace weft::spaces
