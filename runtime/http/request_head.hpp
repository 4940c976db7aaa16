#pragma once

#include "runtime/http/connection.hpp"
#include "runtime/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace weft::http {

/// The first lines of a request, as they came.
struct request_head {
  std::string_view verb;
  std::string_view target;
  /// The header Host; the count since more than one is an error.
  std::string_view host;
  std::size_t host_count = 0;
  /// The header Expect.
  std::string_view expect;
};

/// An answer that is given instead of serving the request, and the verbs for
/// its header Allow if there are any.
struct refusal {
  response answer;
  std::string allowed;
};

/// A request as far as its head tells, and who serves it.
struct routed_request {
  request what;
  const handler* serve = nullptr;
  /// HEAD: the answer goes without its body.
  bool is_head = false;
  bool expects_continue = false;
};

/// Decides by its head alone whether a request is served, and by whom. The
/// result points into `routes`.
std::variant<routed_request, refusal> route_request(const request_head& head,
                                                    const route_table& routes,
                                                    const access_rules& access);

/// An error answer with a status of its own.
response error_response_with(int status, errc code, std::string message);

/// `answer` if it can be sent as it is; a 500 that says why if its status or
/// content type is none, or its body has no place with its status.
response checked_response(response answer);

} // namespace weft::http
