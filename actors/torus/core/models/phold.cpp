#include "actors/torus/core/models/phold.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

namespace weft::torus {

phold::phold(phold_destination destination, double remote)
    : destination_{destination}, remote_{static_cast<std::uint64_t>(
                                     remote * 4294967296.0)} {
  WEFT_ASSERT(remote >= 0 && remote <= 1);
}

std::string phold::description() const {
  return fmt::format("phold, {} destinations, remote {}/2^32",
                     destination_ == phold_destination::uniform ? "uniform"
                                                                : "neighbour",
                     remote_);
}

} // namespace weft::torus
