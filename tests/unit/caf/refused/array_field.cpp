// Refused: a raw double or float in a message hangs CAF's serializer
#include "runtime/caf/compat.hpp"

caf::error refused(caf::serializer& f, double (&xs)[3]) {
  return weft::fields(f, xs, "points", "xs", xs);
}
