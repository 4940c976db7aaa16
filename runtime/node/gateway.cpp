#include "runtime/node/gateway.hpp"

#include <cstdio>
#include <exception>

namespace weft {

namespace {

// A task that throws is a defect in it, and CAF would end the gateway for it;
// cutting every HTTP client off is worse than one request that times out.
void run_guarded(const gateway_task& task, caf::event_based_actor* self) {
  try {
    task.run(self);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "weft: defect: a gateway task threw: %s\n",
                 error.what());
  }
}

caf::behavior gateway_behavior(caf::event_based_actor* self) {
  return {[self](const gateway_task& task) { run_guarded(task, self); }};
}

} // namespace

gateway::gateway(caf::actor_system& system)
    : actor_{system.spawn<caf::hidden>(gateway_behavior)} {}

void gateway::run(std::function<void(caf::event_based_actor*)> task) const {
  post(actor_, gateway_task{std::move(task)});
}

void gateway::stop() {
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
}

} // namespace weft
