#include "runtime/node/gateway.hpp"

#include "runtime/caf/enduring_actor.hpp"
#include "runtime/observe/log.hpp"

namespace weft {

namespace {

/// What is thrown is a defect of one task; to cut every HTTP client off for it
/// would be worse than one request that times out.
class gateway_actor : public enduring_actor {
public:
  using enduring_actor::enduring_actor;

  const char* name() const override { return "weft.gateway"; }

protected:
  caf::behavior make_behavior() override {
    return {[this](const gateway_task& task) { task.run(this); }};
  }

  void threw(const failure& why) override {
    observe::get_logger("node").error("a request was lost to a defect",
                                      {{"reason", why.message}});
  }
};

} // namespace

gateway::gateway(caf::actor_system& system)
    : actor_{system.spawn<gateway_actor, caf::hidden>()} {}

void gateway::run(std::function<void(caf::event_based_actor*)> task) const {
  post(actor_, gateway_task{std::move(task)});
}

void gateway::stop() {
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
}

} // namespace weft
