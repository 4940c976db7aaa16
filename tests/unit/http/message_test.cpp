#include "runtime/http/message.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace weft::http {

TEST_CASE("every failure survives the way through an error response") {
  const std::pair<errc, int> expected[] = {{errc::invalid_argument, 400},
                                           {errc::not_found, 404},
                                           {errc::already_exists, 409},
                                           {errc::permission_denied, 403},
                                           {errc::unavailable, 503},
                                           {errc::timed_out, 504},
                                           {errc::exhausted, 429},
                                           {errc::unsupported, 501},
                                           {errc::cancelled, 499},
                                           {errc::internal, 500},
                                           {errc::io, 500}};
  for (const auto& [code, status] : expected) {
    const failure what{code, "no node \"n7\"\n in this cluster"};
    const auto answer = error_response(what);
    CHECK(answer.status == status);
    CHECK(answer.content_type == "application/json");
    CHECK(failure_of(answer) == what);
  }
}

TEST_CASE("an error response has one documented form") {
  CHECK(error_response({errc::not_found, "no node n7"}).body
        == R"({"error":{"code":"not_found","message":"no node n7"}})");
}

TEST_CASE("a message that is not UTF-8 still makes valid JSON") {
  const auto answer = error_response({errc::io, "bad \xff byte"});
  CHECK(nlohmann::json::parse(answer.body)["error"]["message"]
        == "bad \xef\xbf\xbd byte");
}

TEST_CASE("an error of another server is told by its status") {
  for (const auto* body :
       {"", "<html>", "[]", "{}", R"({"error":"x"})",
        R"({"error":{"code":7,"message":8}})", R"({"error":{"code":"??"}})"}) {
    const auto found = failure_of({404, "text/html", body});
    CHECK(found.code == errc::not_found);
    CHECK(found.message == "the answer has HTTP status 404");
  }
  CHECK(failure_of({408, "", ""}).code == errc::timed_out);
  CHECK(failure_of({413, "", ""}).code == errc::exhausted);
  CHECK(failure_of({418, "", ""}).code == errc::invalid_argument);
  CHECK(failure_of({502, "", ""}).code == errc::unavailable);
  CHECK(failure_of({599, "", ""}).code == errc::internal);
}

} // namespace weft::http
