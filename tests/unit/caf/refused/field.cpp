// Refused: a raw double or float in a message hangs CAF's serializer
#include "runtime/caf/compat.hpp"

caf::error refused(caf::serializer& f, double& x) {
  return weft::fields(f, x, "point", "x", x);
}
