#include "runtime/caf/error.hpp"

#include <caf/all.hpp>

namespace weft {

namespace {

failure from_sec(caf::sec code) {
  switch (code) {
  case caf::sec::request_timeout:
    return {errc::timed_out, "no answer came in time"};
  case caf::sec::request_receiver_down:
    return {errc::unavailable, "the actor that was asked has ended"};
  case caf::sec::unexpected_message:
  case caf::sec::unexpected_response:
    return {errc::unsupported, "the actor does not understand this message"};
  case caf::sec::runtime_error:
    return {errc::internal, "a handler threw an exception"};
  case caf::sec::unknown_type:
    return {errc::not_found, "no actor type of this name is registered"};
  case caf::sec::cannot_spawn_actor_from_arguments:
    return {errc::invalid_argument, "the arguments do not fit the actor type"};
  case caf::sec::cannot_connect_to_node:
  case caf::sec::no_route_to_receiving_node:
  case caf::sec::disconnect_during_handshake:
  case caf::sec::connection_timeout:
    return {errc::unavailable, "the node cannot be reached"};
  default:
    return {errc::internal, "CAF reports " + caf::to_string(code)};
  }
}

failure from_exit(caf::exit_reason code) {
  switch (code) {
  case caf::exit_reason::normal:
    return {errc::none, "normal"};
  case caf::exit_reason::kill:
    return {errc::cancelled, "killed"};
  case caf::exit_reason::user_shutdown:
    return {errc::cancelled, "shutdown"};
  case caf::exit_reason::unreachable:
    return {errc::cancelled, "nobody held a handle to it any more"};
  case caf::exit_reason::remote_link_unreachable:
    return {errc::unavailable, "its node is lost"};
  case caf::exit_reason::out_of_workers:
    return {errc::exhausted, "it ran out of workers"};
  default:
    return {errc::internal, "it ended by " + caf::to_string(code)};
  }
}

std::string text_of(const caf::message& context) {
  if (context.match_elements<std::string>())
    return context.get_as<std::string>(0);
  return {};
}

} // namespace

caf::error to_caf(const failure& what) {
  return caf::make_error(what.code, what.message);
}

failure from_caf(const caf::error& what) {
  if (!what)
    return {errc::none, "normal"};
  if (what.category() == caf::atom("weft"))
    return {static_cast<errc>(what.code()), text_of(what.context())};
  auto translated =
      what.category() == caf::atom("exit")
          ? from_exit(static_cast<caf::exit_reason>(what.code()))
      : what.category() == caf::atom("system")
          ? from_sec(static_cast<caf::sec>(what.code()))
          : failure{errc::internal, "the actor reports an error "
                                    "of category "
                                        + to_string(what.category())};
  if (auto detail = text_of(what.context()); !detail.empty())
    translated.message.append(" (").append(detail).append(")");
  return translated;
}

std::string describe_exit(const caf::error& reason) {
  const auto what = from_caf(reason);
  if (what.message.empty())
    return std::string{to_string(what.code)};
  return what.message;
}

caf::error exit_because(caf::exit_reason code, const std::string& text) {
  return {static_cast<std::uint8_t>(code), caf::atom("exit"),
          caf::make_message(text)};
}

caf::error describe_exception(std::exception_ptr thrown) {
  std::string text = "it threw something that is no std::exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& caught) {
    text = std::string{"it threw: "} + caught.what();
  } catch (...) {
    return to_caf({errc::internal, text});
  }
  return to_caf({errc::internal, text});
}

} // namespace weft
