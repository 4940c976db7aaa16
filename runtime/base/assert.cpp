#include "runtime/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace weft::detail {

void assertion_failed(const char* condition, const char* file, int line,
                      const char* function) noexcept {
  std::fprintf(stderr, "weft: defect: `%s` does not hold in %s (%s:%d)\n",
               condition, function, file, line);
  std::abort();
}

} // namespace weft::detail
