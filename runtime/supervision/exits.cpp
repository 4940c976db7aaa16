#include "runtime/supervision/exits.hpp"

#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"

namespace weft::supervision {

caf::error shutdown_because(const std::string& text) {
  return exit_because(caf::exit_reason::user_shutdown, text);
}

caf::error kill_because(const std::string& text) {
  return exit_because(caf::exit_reason::kill, text);
}

end_kind classify(const caf::error& reason) {
  if (!reason)
    return end_kind::normal;
  if (reason == caf::exit_reason::user_shutdown)
    return end_kind::shutdown;
  return end_kind::abnormal;
}

void send_exit_first(const caf::strong_actor_ptr& to,
                     const caf::strong_actor_ptr& from, caf::error reason) {
  if (!to)
    return;
  const auto source = caf::actor_cast<caf::actor_addr>(from ? from : to);
  send_first(to, from,
             caf::make_message(caf::exit_msg{source, std::move(reason)}));
}

} // namespace weft::supervision
