// Actors that go wrong: one throws whenever it runs, one never gets started.
#include <stdexcept>
#include <thread>
#include <weft/weft.hpp>

namespace {

void doomed(caf::event_based_actor* self) {
  self->delayed_send(self, std::chrono::milliseconds{1}, weft::start_atom_v);
  self->become([](weft::start_atom) { throw std::runtime_error("no fuel"); });
}

/// Needs longer to start than any test waits.
void stuck(caf::event_based_actor*) {
  std::this_thread::sleep_for(std::chrono::seconds{5});
}

} // namespace

WEFT_MODULE(crasher) {
  module.actor("doomed", doomed);
  module.actor("stuck", stuck);
}
