#include "runtime/caf/enduring_actor.hpp"

#include "runtime/caf/error.hpp"

#include <exception>

namespace weft {

caf::invoke_message_result enduring_actor::consume(caf::mailbox_element& what) {
  try {
    return caf::event_based_actor::consume(what);
  } catch (...) {
    threw(from_caf(describe_exception(std::current_exception())));
  }
  return caf::invoke_message_result::consumed;
}

} // namespace weft
