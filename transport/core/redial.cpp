#include "transport/core/redial.hpp"

#include <algorithm>

namespace weft::transport {

std::chrono::milliseconds redial_delay(std::uint32_t attempt,
                                       std::string_view own,
                                       std::string_view peer) {
  const std::uint32_t first = own < peer ? 4 : 32;
  const auto doublings = std::min<std::uint32_t>(attempt - 1, 10);
  return std::chrono::milliseconds{
      std::min<std::uint32_t>(first << doublings, 500)};
}

} // namespace weft::transport
