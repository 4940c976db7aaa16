#include "runtime/http/message.hpp"

#include "runtime/base/json_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace weft::http {

namespace {

using nlohmann::json;

/// One line a code, the status first by which `failure_of` finds it again.
constexpr std::array<std::pair<errc, int>, 11> statuses{{
    {errc::invalid_argument, 400},
    {errc::not_found, 404},
    {errc::already_exists, 409},
    {errc::permission_denied, 403},
    {errc::unavailable, 503},
    {errc::timed_out, 504},
    {errc::exhausted, 429},
    {errc::unsupported, 501},
    {errc::cancelled, 499},
    {errc::internal, 500},
    {errc::io, 500},
}};

errc code_of(int status) {
  switch (status) {
  case 401:
    return errc::permission_denied;
  case 408:
    return errc::timed_out;
  case 413:
  case 431:
    return errc::exhausted;
  case 502:
    return errc::unavailable;
  default:
    break;
  }
  for (const auto& [code, of] : statuses)
    if (of == status)
      return code;
  return status >= 400 && status < 500 ? errc::invalid_argument
                                       : errc::internal;
}

const std::string* text_at(const json& from, const char* key) {
  const auto found = from.find(key);
  return found == from.end() ? nullptr : found->get_ptr<const std::string*>();
}

} // namespace

response json_response(const json& body, int status) {
  response made;
  made.status = status;
  made.body = json_text(body);
  return made;
}

response error_response(const failure& what) {
  int fitting = 500;
  for (const auto& [code, status] : statuses)
    if (code == what.code)
      fitting = status;
  return json_response(
      {{"error", {{"code", to_string(what.code)}, {"message", what.message}}}},
      fitting);
}

result<json> json_of(const response& what) {
  if (what.status >= 400)
    return tl::unexpected(failure_of(what));
  auto body = json::parse(what.body, nullptr, false);
  if (body.is_discarded())
    return fail(errc::internal, "the answer is no JSON");
  return body;
}

failure failure_of(const response& what) {
  failure found{code_of(what.status),
                fmt::format("the answer has HTTP status {}", what.status)};
  const auto body = json::parse(what.body, nullptr, false);
  if (!body.is_object() || !body.contains("error")
      || !body["error"].is_object())
    return found;
  const auto* name = text_at(body["error"], "code");
  const auto* message = text_at(body["error"], "message");
  if (name)
    found.code = parse_errc(*name).value_or(found.code);
  if (message)
    found.message = *message;
  return found;
}

} // namespace weft::http
