// Refused: a raw double or float in a message hangs CAF's serializer
#include <weft/weft.hpp>

using scale_actor = caf::typed_actor<caf::replies_to<double>::with<int>>;

scale_actor::behavior_type scale(scale_actor::pointer) {
  return {[](double) { return 1; }};
}

WEFT_MODULE(refused) {
  module.actor("scale", scale);
}
