#include <weft/weft.hpp>

namespace {

caf::behavior nap(int) {
  return {[](int) {}};
}

} // namespace

WEFT_MODULE(wrong_registrations) {
  module.actor("nap", nap);
  module.actor("nap", nap);
  module.actor("a.b", nap);
  module.actor("two", nap, weft::parameter("x"), weft::parameter("y"));
  module.actor("default", nap, weft::parameter("x", "three"));
}
