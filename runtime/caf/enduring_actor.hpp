#pragma once

#include "runtime/base/result.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/invoke_message_result.hpp>

namespace weft {

/// An actor that outlives what its handlers throw, those of answers too, for
/// which CAF would end it. Whoever waits for what such a handler was to do
/// waits on until its own time-out.
class enduring_actor : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::invoke_message_result consume(caf::mailbox_element& what) override;

protected:
  /// Called in the actor with what a handler threw; must not throw.
  virtual void threw(const failure& why) = 0;
};

} // namespace weft
