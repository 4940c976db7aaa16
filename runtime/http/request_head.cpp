#include "runtime/http/request_head.hpp"

#include "runtime/http/target.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::http {

namespace {

std::optional<method> method_of(std::string_view verb) {
  if (verb == "GET" || verb == "HEAD")
    return method::get;
  if (verb == "POST")
    return method::post;
  return std::nullopt;
}

bool is_continue(std::string_view expect) {
  constexpr std::string_view wanted = "100-continue";
  return std::equal(expect.begin(), expect.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

refusal refuse(int status, errc code, std::string message) {
  return {error_response_with(status, code, std::move(message)), {}};
}

/// Nothing if the rules allow the request.
std::optional<refusal> check_access(const request_head& head,
                                    std::string_view host,
                                    const access_rules& access) {
  if (head.host_count > 1)
    return refuse(400, errc::invalid_argument,
                  "header Host: expected one, got several");
  if (!access)
    return std::nullopt;
  if (auto checked = check_host(host, access->names); !checked)
    return refusal{error_response(checked.error()), {}};
  if (head.verb == "POST" && !access->takes_commands)
    return refuse(403, errc::permission_denied,
                  "commands are taken on the node's Unix socket only");
  return std::nullopt;
}

} // namespace

response error_response_with(int status, errc code, std::string message) {
  auto answer = error_response(failure{code, std::move(message)});
  answer.status = status;
  return answer;
}

response checked_response(response answer) {
  const bool is_type =
      !answer.content_type.empty()
      && std::all_of(answer.content_type.begin(), answer.content_type.end(),
                     [](char c) { return c >= ' ' && c < '\x7f'; });
  const bool has_no_body = answer.status == 204 || answer.status == 304;
  if (answer.status < 200 || answer.status > 599)
    return error_response_with(
        500, errc::internal,
        fmt::format("a handler answered with status {}, expected 200 to 599",
                    answer.status));
  if (!is_type)
    return error_response_with(500, errc::internal,
                               "a handler answered with a content type that "
                               "is empty or not printable");
  if (has_no_body && !answer.body.empty())
    return error_response_with(
        500, errc::internal,
        fmt::format("a handler answered with a body, which status {} has not",
                    answer.status));
  return answer;
}

std::variant<routed_request, refusal>
route_request(const request_head& head, const route_table& routes,
              const access_rules& access) {
  auto parsed = parse_target(head.target);
  if (!parsed)
    return refusal{error_response(parsed.error()), {}};
  const auto host =
      parsed->authority ? std::string_view{*parsed->authority} : head.host;
  if (auto refused = check_access(head, host, access))
    return *std::move(refused);
  const auto verb = method_of(head.verb);
  auto match = routes.find(verb.value_or(method::get), parsed->path);
  if (match.allowed.empty())
    return refuse(404, errc::not_found,
                  fmt::format("there is nothing at {}", parsed->path));
  if (!verb || !match.serve)
    return refusal{
        error_response_with(405, errc::unsupported,
                            fmt::format("{} takes {}, got {}", parsed->path,
                                        match.allowed, head.verb)),
        std::move(match.allowed)};
  if (!head.expect.empty() && !is_continue(head.expect))
    return refuse(417, errc::unsupported,
                  "header Expect: only 100-continue is known");
  routed_request routed;
  routed.what.verb = *verb;
  routed.what.path = std::move(parsed->path);
  routed.what.query = std::move(parsed->query);
  routed.serve = match.serve;
  routed.is_head = head.verb == "HEAD";
  routed.expects_continue = !head.expect.empty();
  return routed;
}

} // namespace weft::http
