#include <string>
#include <weft/weft.hpp>

namespace {

caf::behavior echo() {
  return {[](const std::string& text) { return text; }};
}

int answer(weft::job&) {
  return 42;
}

} // namespace

WEFT_MODULE(good) {
  module.actor("echo", echo);
  module.job("answer", answer);
}
