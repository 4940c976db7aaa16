// Refused: a raw double or float in a message hangs CAF's serializer
#include "runtime/caf/compat.hpp"

void refused(caf::event_based_actor* self, const caf::actor& to) {
  weft::send(self, to, 1.5);
}
