#pragma once

#include "runtime/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace weft::http {

enum class method { get, post };

/// A request as a route sees it.
struct request {
  method verb = method::get;
  /// Decoded path without the query, e.g. "/api/v1/nodes/n2".
  std::string path{};
  /// Decoded query parameters; of a repeated one the last.
  std::map<std::string, std::string> query{};
  std::string body{};
};

struct response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body{};
};

/// Answers one request. May be called once, from any thread, also after the
/// handler has returned; a request that is not answered within the server's
/// deadline gets 504 and a later answer is dropped.
using reply = std::function<void(response)>;

/// Handles the requests of one route, on the server's thread; must not block.
using handler = std::function<void(const request&, reply)>;

/// A response with this body; bytes that are no UTF-8 are replaced.
response json_response(const nlohmann::json& body, int status = 200);

/// {"error": {"code": "not_found", "message": "..."}} with the status that
/// fits the code (400 404 409 403 503 504 429 501 499 500).
response error_response(const failure& what);

/// The failure that an `error_response` carries, or one made of the status.
failure failure_of(const response& what);

/// The body of a successful answer. Fails with the failure that an
/// `error_response` carries, or with `internal` if the body is no JSON.
result<nlohmann::json> json_of(const response& what);

} // namespace weft::http
