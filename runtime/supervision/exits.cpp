#include "runtime/supervision/exits.hpp"

namespace weft::supervision {

namespace {

caf::error because(caf::exit_reason code, const std::string& text) {
  return {static_cast<std::uint8_t>(code), caf::atom("exit"),
          caf::make_message(text)};
}

} // namespace

caf::error shutdown_because(const std::string& text) {
  return because(caf::exit_reason::user_shutdown, text);
}

caf::error kill_because(const std::string& text) {
  return because(caf::exit_reason::kill, text);
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
  to->enqueue(from, caf::make_message_id(caf::message_priority::high),
              caf::make_message(caf::exit_msg{source, std::move(reason)}),
              nullptr);
}

} // namespace weft::supervision
