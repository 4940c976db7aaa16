// A module whose actor throws as soon as it runs, each time.
#include <stdexcept>
#include <weft/weft.hpp>

namespace {

void doomed(caf::event_based_actor* self) {
  self->delayed_send(self, std::chrono::milliseconds{1}, weft::start_atom_v);
  self->become([](weft::start_atom) { throw std::runtime_error("no fuel"); });
}

} // namespace

WEFT_MODULE(crasher) {
  module.actor("doomed", doomed);
}
