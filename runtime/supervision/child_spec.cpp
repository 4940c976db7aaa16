#include "runtime/supervision/child_spec.hpp"

namespace weft::supervision {

child_policy policy_of(const child_spec& spec) {
  const auto usual = spec.kind == child_kind::worker
                         ? shutdown_policy{}
                         : shutdown_policy::infinity();
  return {.id = spec.id,
          .restart = spec.restart,
          .shutdown = spec.shutdown.value_or(usual),
          .significant = spec.significant,
          .start_timeout = spec.start_timeout};
}

start_function
start_now(std::function<caf::strong_actor_ptr(caf::event_based_actor&)> start) {
  return
      [start = std::move(start)](caf::event_based_actor& supervisor,
                                 start_done done) { done(start(supervisor)); };
}

} // namespace weft::supervision
