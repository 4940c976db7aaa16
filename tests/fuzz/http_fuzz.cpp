/// Fuzz target of what HTTP brings: the bytes of a request up to the choice of
/// its route, a target alone, the header Host, and the body of an answer.
/// Whatever is accepted is what its type promises; whatever is refused is
/// refused with an answer that can be sent and that a client can read.

#include "runtime/base/assert.hpp"
#include "runtime/base/utf8.hpp"
#include "runtime/http/request_head.hpp"
#include "runtime/http/target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using namespace weft::http;
namespace beast = boost::beast;

const route_table& routes() {
  static const auto made = [] {
    const handler unused = [](const request&, const reply&) {};
    route_table table;
    table.add(method::get, "/metrics", unused);
    table.add(method::get, "/api/v1/nodes/*", unused);
    table.add(method::post, "/api/v1/commands/*", unused);
    return table;
  }();
  return made;
}

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == '\x7f';
}

void check_target(std::string_view text) {
  const auto read = parse_target(text);
  if (!read) {
    WEFT_ASSERT(read.error().code == weft::errc::invalid_argument);
    WEFT_ASSERT(read.error().message.starts_with("request target: "));
    return;
  }
  WEFT_ASSERT(read->path.starts_with('/') && weft::is_utf8(read->path));
  WEFT_ASSERT(std::ranges::none_of(read->path, is_control));
  WEFT_ASSERT(("/" + read->path + "/").find("/../") == std::string::npos);
  for (const auto& [name, value] : read->query)
    WEFT_ASSERT(weft::is_utf8(name) && weft::is_utf8(value));
  const auto again = parse_target(format_target(read->path, read->query));
  WEFT_ASSERT(again && !again->authority);
  WEFT_ASSERT(again->path == read->path && again->query == read->query);
}

void check_percent(std::string_view bytes) {
  const auto back = percent_decode(percent_encode(bytes));
  WEFT_ASSERT(back && *back == bytes);
  const auto decoded = percent_decode(bytes);
  WEFT_ASSERT(!decoded || decoded->size() <= bytes.size());
}

void check_refusal(const refusal& what) {
  WEFT_ASSERT(what.answer.status >= 400 && what.answer.status < 500);
  WEFT_ASSERT(checked_response(what.answer).body == what.answer.body);
  WEFT_ASSERT(weft::is_utf8(what.answer.body));
  WEFT_ASSERT(what.allowed.empty() || what.answer.status == 405);
  const auto read = error_response(failure_of(what.answer));
  WEFT_ASSERT(read.body == what.answer.body);
}

void check_routed(const routed_request& what, const access_rules& access) {
  WEFT_ASSERT(what.serve);
  WEFT_ASSERT(what.what.path == "/metrics"
              || what.what.path.starts_with("/api/v1/"));
  WEFT_ASSERT(!access || access->takes_commands
              || what.what.verb == method::get);
}

void check_head(const request_head& head) {
  const tcp_access reading{.takes_commands = false, .names = {"weft.example"}};
  for (const access_rules& access : {access_rules{}, access_rules{reading}}) {
    const auto routed = route_request(head, routes(), access);
    if (const auto* refused = std::get_if<refusal>(&routed))
      check_refusal(*refused);
    else
      check_routed(std::get<routed_request>(routed), access);
  }
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

/// As a connection of the server reads it, all bytes at once.
void check_request(std::string_view bytes) {
  constexpr std::size_t body_bytes_max = 1024;
  beast::http::request_parser<beast::http::string_body> parser;
  parser.header_limit(1024);
  parser.body_limit(body_bytes_max);
  parser.eager(true);
  boost::system::error_code code;
  parser.put(boost::asio::buffer(bytes.data(), bytes.size()), code);
  if (!parser.is_header_done())
    return;
  const auto& head = parser.get();
  WEFT_ASSERT(head.body().size() <= body_bytes_max);
  check_head({view(head.method_string()), view(head.target()),
              view(head[beast::http::field::host]),
              head.count(beast::http::field::host),
              view(head[beast::http::field::expect])});
}

void check_host_header(std::string_view text) {
  const auto checked = check_host(text, {"weft.example"});
  WEFT_ASSERT(checked || !checked.error().message.empty());
}

/// Of a server that need not be ours.
void check_answer(std::string_view body) {
  for (const int status : {200, 404, 503, 599}) {
    const auto read =
        failure_of({status, "application/json", std::string{body}});
    WEFT_ASSERT(read.code != weft::errc::none);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  check_request(input);
  check_target(input);
  check_percent(input);
  check_host_header(input);
  check_answer(input);
  return 0;
}
