#pragma once

#include "actors/type_ids.hpp"
#include "tests/support/deterministic_system.hpp"

#include <memory>
#include <string>

namespace weft::actors {

/// A deterministic system that knows weft's actor messages.
struct actors_fixture
    : test::deterministic_system_with<caf::id_block::weft_base,
                                      caf::id_block::weft_actors> {
  /// An actor that understands nothing of interest.
  caf::actor idler() {
    auto actor = system.spawn([]() -> caf::behavior { return {[](int) {}}; });
    drain();
    return actor;
  }

  template <class Handle>
  void end(const Handle& actor,
           caf::exit_reason reason = caf::exit_reason::kill) {
    caf::anon_send_exit(actor, reason);
    drain();
  }

  template <class Handle>
  static caf::strong_actor_ptr pointer(const Handle& actor) {
    return caf::actor_cast<caf::strong_actor_ptr>(actor);
  }
};

} // namespace weft::actors
