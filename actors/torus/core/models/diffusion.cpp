#include "actors/torus/core/models/diffusion.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

namespace weft::torus {

diffusion::diffusion(std::uint32_t step) : step_{step} {
  WEFT_ASSERT(step >= 2);
}

std::string diffusion::description() const {
  return fmt::format("diffusion, step {}", step_);
}

} // namespace weft::torus
