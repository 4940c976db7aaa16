#include "runtime/http/request_head.hpp"

#include <doctest/doctest.h>

namespace weft::http {

namespace {

const access_rules unix_socket = std::nullopt;
const access_rules tcp = tcp_access{};

route_table routes() {
  route_table table;
  const auto nothing = [](const request&, const reply&) {};
  table.add(method::get, "/status", nothing);
  table.add(method::post, "/stop", nothing);
  return table;
}

/// 200 if it is served.
int status_of(const request_head& head, const access_rules& access) {
  const auto table = routes();
  const auto routed = route_request(head, table, access);
  const auto* refused = std::get_if<refusal>(&routed);
  return refused ? refused->answer.status : 200;
}

request_head head_of(std::string_view verb, std::string_view target,
                     std::string_view host = "") {
  return {verb, target, host, host.empty() ? 0u : 1u, ""};
}

} // namespace

TEST_CASE("a request is routed by its head alone") {
  const auto table = routes();
  auto head = head_of("GET", "/status?deep=1");
  auto routed = std::get<routed_request>(route_request(head, table, tcp));
  CHECK(routed.what.verb == method::get);
  CHECK(routed.what.path == "/status");
  CHECK(routed.what.query.at("deep") == "1");
  CHECK_FALSE(routed.is_head);
  CHECK_FALSE(routed.expects_continue);
  head.verb = "HEAD";
  head.expect = "100-Continue";
  routed = std::get<routed_request>(route_request(head, table, tcp));
  CHECK(routed.is_head);
  CHECK(routed.expects_continue);
}

TEST_CASE("unknown paths, verbs and expectations have their status") {
  CHECK(status_of(head_of("GET", "/none"), unix_socket) == 404);
  CHECK(status_of(head_of("DELETE", "/none"), unix_socket) == 404);
  CHECK(status_of(head_of("DELETE", "/status"), unix_socket) == 405);
  CHECK(status_of(head_of("GET", "/stop"), unix_socket) == 405);
  CHECK(status_of(head_of("get", "/status"), unix_socket) == 405);
  CHECK(status_of(head_of("GET", "/../status"), unix_socket) == 400);
  CHECK(status_of(head_of("CONNECT", "a:80"), unix_socket) == 400);
  auto head = head_of("POST", "/stop");
  head.expect = "a miracle";
  CHECK(status_of(head, unix_socket) == 417);
}

TEST_CASE("a wrong verb is told the right ones") {
  const auto table = routes();
  const auto routed =
      route_request(head_of("PUT", "/status"), table, unix_socket);
  const auto& refused = std::get<refusal>(routed);
  CHECK(refused.allowed == "GET, HEAD");
  CHECK(failure_of(refused.answer).message
        == "/status takes GET, HEAD, got PUT");
}

TEST_CASE("commands are taken over TCP only where that is said") {
  const auto table = routes();
  CHECK(status_of(head_of("POST", "/stop"), unix_socket) == 200);
  CHECK(status_of(head_of("POST", "/stop"), tcp_access{true, {}}) == 200);
  for (const auto* path : {"/stop", "/status", "/none"}) {
    const auto routed = route_request(head_of("POST", path), table, tcp);
    const auto& refused = std::get<refusal>(routed);
    CHECK(refused.answer.status == 403);
    CHECK(failure_of(refused.answer).message
          == "commands are taken on the node's Unix socket only");
  }
}

TEST_CASE("over TCP a foreign name of the server is refused, on Unix ignored") {
  const auto foreign = head_of("GET", "/status", "evil.example");
  CHECK(status_of(foreign, tcp) == 403);
  CHECK(status_of(foreign, tcp_access{false, {"evil.example"}}) == 200);
  CHECK(status_of(foreign, unix_socket) == 200);
  CHECK(status_of(head_of("GET", "/status", "127.0.0.1:80"), tcp) == 200);
  CHECK(status_of(head_of("GET", "/status", "a b"), tcp) == 400);
  // What the request line says goes before the header.
  CHECK(
      status_of(head_of("GET", "http://evil.example/status", "localhost"), tcp)
      == 403);
  CHECK(
      status_of(head_of("GET", "http://127.0.0.1/status", "evil.example"), tcp)
      == 200);
  auto twice = head_of("GET", "/status", "localhost");
  twice.host_count = 2;
  CHECK(status_of(twice, tcp) == 400);
  CHECK(status_of(twice, unix_socket) == 400);
}

TEST_CASE("an answer that cannot be sent becomes an error that says why") {
  CHECK(checked_response({200, "text/plain", "x"}).status == 200);
  CHECK(checked_response({204, "text/plain", ""}).status == 204);
  for (const auto& bad :
       {response{0, "text/plain", ""}, response{100, "text/plain", ""},
        response{600, "text/plain", ""}, response{-1, "text/plain", ""},
        response{200, "", ""}, response{200, "a\r\nSet-Cookie: b", ""},
        response{204, "text/plain", "x"}, response{304, "text/plain", "x"}}) {
    const auto checked = checked_response(bad);
    CHECK(checked.status == 500);
    CHECK(failure_of(checked).code == errc::internal);
  }
}

} // namespace weft::http
