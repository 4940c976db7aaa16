// Refused: a raw double or float in a message hangs CAF's serializer
#include "runtime/caf/compat.hpp"

using refused = weft::typed_actor<void(int, double)>;
