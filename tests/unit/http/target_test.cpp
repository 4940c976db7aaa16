#include "runtime/http/target.hpp"

#include <doctest/doctest.h>

#include <random>

namespace weft::http {

TEST_CASE("path and query of a target are decoded") {
  const auto parsed =
      parse_target("/api/a%20b/%C3%BC+?x=1&y=a+b%2Bc&flag&x=2&=e&&z=1=2");
  REQUIRE(parsed);
  CHECK_FALSE(parsed->authority);
  CHECK(parsed->path == "/api/a b/\xc3\xbc+");
  CHECK(parsed->query
        == std::map<std::string, std::string>{
            {"", "e"}, {"flag", ""}, {"x", "2"}, {"y", "a b+c"}, {"z", "1=2"}});
  CHECK(parse_target("/")->path == "/");
  CHECK(parse_target("/?")->query.empty());
}

TEST_CASE("the absolute form names its authority") {
  const auto parsed = parse_target("http://n1.example:80/a?b=c");
  REQUIRE(parsed);
  CHECK(parsed->authority == "n1.example:80");
  CHECK(parsed->path == "/a");
  CHECK(parsed->query.at("b") == "c");
  CHECK(parse_target("HTTP://n1")->path == "/");
  CHECK(parse_target("http://n1?x=1")->query.at("x") == "1");
}

TEST_CASE("targets that could mean something else are refused") {
  for (const auto* text : {"",           "*",
                           "a",          "example:80",
                           "/%",         "/%4",
                           "/%zz",       "/%4g",
                           "/a#b",       "/../etc/passwd",
                           "/a/..",      "/a/../b",
                           "/.",         "/a/./b",
                           "/%2e%2e/b",  "/a%2F..%2Fb",
                           "/a%00b",     "/a%0Ab",
                           "/%7f",       "/%ff",
                           "/%c0%af",    "/a?x=%",
                           "/a?%ff=1",   "/a?x=%00",
                           "https://n1/"}) {
    const auto parsed = parse_target(text);
    REQUIRE_MESSAGE(!parsed, text);
    CHECK(parsed.error().code == errc::invalid_argument);
  }
  for (const auto* text : {"/..a", "/a..", "/...", "/a?x=../.."})
    CHECK_MESSAGE(parse_target(text), text);
}

TEST_CASE("whatever can be formatted parses back to the same") {
  const auto seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937 random{seed};
  const auto text = [&random] {
    constexpr std::string_view alphabet = "ab/ %?&=+#;\"\\<>[]~.\xc3\xbc";
    std::string out;
    for (auto length = random() % 8; length > 0; --length) {
      const auto c = alphabet[random() % (alphabet.size() - 1)];
      out += c == '\xc3' ? std::string{"\xc3\xbc"} : std::string{c};
    }
    return out;
  };
  int parsed_count = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto path = std::string{"/"}.append(text());
    std::map<std::string, std::string> query;
    for (auto pairs = random() % 3; pairs > 0; --pairs)
      query.emplace(text(), text());
    const auto formatted = format_target(path, query);
    const auto parsed = parse_target(formatted);
    // Only dot segments are refused.
    if (!parsed) {
      REQUIRE_MESSAGE(parsed.error().message.find("segment")
                          != std::string::npos,
                      formatted);
      continue;
    }
    ++parsed_count;
    REQUIRE_MESSAGE(parsed->path == path, formatted);
    REQUIRE_MESSAGE(parsed->query == query, formatted);
  }
  CHECK(parsed_count > 1'000);
}

TEST_CASE("random bytes never break the parser") {
  const auto seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937 random{seed};
  for (int i = 0; i < 5'000; ++i) {
    std::string text = random() % 2 ? "/" : "";
    for (auto length = random() % 30; length > 0; --length)
      text += static_cast<char>(random() % 256);
    if (const auto parsed = parse_target(text))
      REQUIRE(parsed->path.starts_with('/'));
  }
}

TEST_CASE("a server is called by address, as localhost or by its own names") {
  const std::vector<std::string> names{"N1.example"};
  for (const auto* host : {"", "127.0.0.1", "127.0.0.1:8001", "10.1.2.3:80",
                           "[::1]", "[::1]:80", "localhost", "LocalHost:80",
                           "n1.example", "N1.EXAMPLE:8001", "127.0.0.1:"})
    CHECK_MESSAGE(check_host(host, names), host);
  for (const auto* host :
       {"evil.example", "evil.example:8001", "localhost.evil.example",
        "127.0.0.1.evil.example", "n1.example.evil", "1.2.3", "0x7f.1"}) {
    const auto checked = check_host(host, names);
    REQUIRE_MESSAGE(!checked, host);
    CHECK(checked.error().code == errc::permission_denied);
  }
  for (const auto* host : {"[::1", "a b", "user@localhost", ":80", "a:b",
                           "localhost/x", "[localhost]", "a\"b"}) {
    const auto checked = check_host(host, names);
    REQUIRE_MESSAGE(!checked, host);
    CHECK(checked.error().code == errc::invalid_argument);
  }
}

} // namespace weft::http
