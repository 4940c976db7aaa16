// Refused: a raw double or float in a message hangs CAF's serializer
#include "runtime/caf/compat.hpp"

void refused(const caf::actor& to) {
  weft::post(to, 1.5);
}
