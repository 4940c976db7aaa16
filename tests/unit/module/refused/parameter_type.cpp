// Refused: a parameter of this actor or job cannot be given in a cluster file
#include <weft/weft.hpp>

caf::behavior sleeper(caf::event_based_actor*, int*) {
  return {[](int) {}};
}

WEFT_MODULE(refused) {
  module.actor("sleeper", sleeper);
}
