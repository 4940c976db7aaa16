#include "config/endpoint.hpp"

#include <doctest/doctest.h>

namespace weft::config {

TEST_CASE("endpoints parse and print") {
  for (const auto* text :
       {"127.0.0.1:0", "[::1]:65535", "node-1.example.org:7001", "n1:1",
        "localhost:80", "[fe80::1:2]:9", "my_host:1"}) {
    CAPTURE(text);
    const auto parsed = parse_endpoint(text);
    REQUIRE(parsed);
    CHECK(format_endpoint(*parsed) == text);
  }
  CHECK(parse_endpoint("[::1]:7001") == endpoint{"::1", 7001});
}

TEST_CASE("what is no endpoint is refused") {
  for (const auto* text :
       {"",        "7001",       ":7001",   "host",     "host:",
        "host:x",  "host:65536", "host:-1", "host:+1",  "256.1.1.1:1",
        "1.2.3:1", "[::1]",      "[]:1",    "[host]:1", "-a:1",
        "a..b:1",  "a b:1",      "host:1 ", "[::1:1",   "http://host:1"}) {
    CAPTURE(text);
    const auto parsed = parse_endpoint(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().code == errc::invalid_argument);
    CHECK(parsed.error().message.find("got \"") != std::string::npos);
  }
  CHECK(parse_endpoint("::1:7001").error().message.find("in brackets")
        != std::string::npos);
  CHECK(!parse_endpoint(std::string(300, 'a') + ":1"));
}

TEST_CASE("loopback and wildcard addresses are known in every spelling") {
  for (const auto* host : {"127.0.0.1", "127.255.0.9", "::1", "localhost",
                           "LocalHost", "0:0:0:0:0:0:0:1"})
    CHECK_MESSAGE(is_loopback(host), host);
  for (const auto* host :
       {"10.0.0.1", "0.0.0.0", "::", "::2", "localhost.org", "128.0.0.1", "n1"})
    CHECK_MESSAGE(!is_loopback(host), host);
  CHECK(is_wildcard("0.0.0.0"));
  CHECK(is_wildcard("::"));
  CHECK(!is_wildcard("127.0.0.1"));
  CHECK(canonical_host("0:0::1") == "::1");
  CHECK(canonical_host("N1.Example") == "n1.example");
}

} // namespace weft::config
