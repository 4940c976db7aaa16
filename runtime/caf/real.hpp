#pragma once

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>

#include <bit>
#include <cstdint>

namespace weft {

/// A double that crosses nodes as its 64 bits: infinities, NaN payloads,
/// denormals and the sign of zero arrive as they were sent.
struct real {
  double value = 0;

  real() = default;
  real(double from) : value{from} {}
  operator double() const { return value; }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, real& x) {
  auto bits = std::bit_cast<std::uint64_t>(x.value);
  return f(bits, caf::meta::load_callback([&]() -> caf::error {
             x.value = std::bit_cast<double>(bits);
             return caf::none;
           }));
}

} // namespace weft
