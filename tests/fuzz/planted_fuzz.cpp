/// A fuzz target with a defect, which the driver has to find: it cannot bear
/// one last byte.

#include "runtime/base/assert.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size > 0)
    WEFT_ASSERT(data[size - 1] != 0xa5);
  return 0;
}
