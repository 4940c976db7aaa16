// Actors that go wrong: one throws whenever it runs, one throws once what is no
// UTF-8, one never gets started, one starts once only.
#include <atomic>
#include <stdexcept>
#include <thread>
#include <weft/weft.hpp>

namespace {

void doomed(caf::event_based_actor* self) {
  self->delayed_send(self, std::chrono::milliseconds{1}, weft::start_atom_v);
  self->become([](weft::start_atom) { throw std::runtime_error("no fuel"); });
}

caf::behavior garbled(caf::event_based_actor* self) {
  static std::atomic<bool> thrown = false;
  self->delayed_send(self, std::chrono::milliseconds{1}, weft::start_atom_v);
  return {[](weft::start_atom) {
    if (!thrown.exchange(true))
      throw std::runtime_error("no \xD6l");
  }};
}

void stuck(caf::event_based_actor*) {
  for (;;)
    std::this_thread::sleep_for(std::chrono::hours{1});
}

caf::behavior starts_once(caf::event_based_actor* self) {
  static std::atomic<bool> started = false;
  if (started.exchange(true))
    stuck(self);
  return {[](weft::start_atom) {}};
}

} // namespace

WEFT_MODULE(crasher) {
  module.actor("doomed", doomed);
  module.actor("garbled", garbled);
  module.actor("stuck", stuck);
  module.actor("starts_once", starts_once);
}
