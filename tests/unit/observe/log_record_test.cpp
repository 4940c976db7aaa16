#include "runtime/observe/log_record.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace weft::observe {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::system_clock::time_point noon =
    std::chrono::sys_days{std::chrono::November / 21 / 2026} + 10h + 123ms;

std::string line(log_format format, std::string_view message,
                 const std::vector<field>& fields = {},
                 std::string_view node = "n2") {
  return format_log_line(
      format, {noon, log_level::info, node, "transport", message, fields});
}

/// Bytes that are most likely to break a line, and any others.
std::string random_text(std::mt19937& random) {
  constexpr std::string_view nasty = "\n\r\t\"\\ ={}\x1b\x7f\xc2\x85\xff\xe2";
  std::string text;
  for (auto length = random() % 20; length > 0; --length)
    text += random() % 2 ? nasty[random() % nasty.size()]
                         : static_cast<char>(random() % 256);
  return text;
}

} // namespace

TEST_CASE("a text line has time, node, level, component, message, fields") {
  CHECK(line(log_format::text, "lost peer",
             {{"peer", "n3"},
              {"reason", std::string{"no answer"}},
              {"tries", 3},
              {"bytes", std::uint64_t{18446744073709551615u}},
              {"after_ms", -1.5},
              {"final", true},
              {"empty", ""}})
        == "2026-11-21T10:00:00.123Z n2 info transport: lost peer peer=n3 "
           "reason=\"no answer\" tries=3 bytes=18446744073709551615 "
           "after_ms=-1.5 final=true empty=\"\"");
  CHECK(line(log_format::text, "up", {}, "")
        == "2026-11-21T10:00:00.123Z - info transport: up");
}

TEST_CASE("a json line has stable keys in a stable order") {
  CHECK(
      line(log_format::json, "lost peer", {{"peer", "n3"}, {"tries", 3}})
      == R"({"ts":"2026-11-21T10:00:00.123Z","level":"info","node":"n2",)"
         R"("component":"transport","msg":"lost peer","peer":"n3","tries":3})");
}

TEST_CASE("control characters are escaped in messages, keys and values") {
  CHECK(line(log_format::text, "a\nb\\n \x1b[2J \"q\"",
             {{"k\n2", "x\"y\r\n"}, {"c1", "\xc2\x9b"}, {"raw", "\xff\x7f"}})
        == "2026-11-21T10:00:00.123Z n2 info transport: a\\nb\\\\n \\x1b[2J "
           "\"q\" \"k\\n2\"=\"x\\\"y\\r\\n\" c1=\"\\u009b\" "
           "raw=\"\\xff\\x7f\"");
  CHECK(line(log_format::text, "gr\xc3\xbc\xc3\x9f", {{"k", "\xc3\xbc"}})
        == "2026-11-21T10:00:00.123Z n2 info transport: gr\xc3\xbc\xc3\x9f "
           "k=\"\xc3\xbc\"");
}

TEST_CASE("whatever it is given, a line is one line of printable text") {
  const auto seed = std::random_device{}();
  INFO("seed ", seed);
  std::mt19937 random{seed};
  for (int i = 0; i < 2'000; ++i) {
    const auto message = random_text(random);
    const auto key = random_text(random);
    const auto value = random_text(random);
    const std::vector<field> fields{{key, value}};
    const auto text = line(log_format::text, message, fields);
    const auto json = line(log_format::json, message, fields);
    for (const auto& each : {text, json}) {
      REQUIRE(std::none_of(each.begin(), each.end(), [](char c) {
        return (c >= 0 && c < ' ') || c == '\x7f';
      }));
      REQUIRE(each.find("\xc2\x85") == std::string::npos);
    }
    const auto parsed = nlohmann::json::parse(json);
    REQUIRE(parsed.size() >= 5);
    REQUIRE(parsed["level"] == "info");
    REQUIRE(parsed["component"] == "transport");
  }
}

TEST_CASE("what can be said in json parses back to what was logged") {
  const std::string value = "tab\t quote\" slash\\ \xe2\x82\xac\n";
  const auto parsed =
      nlohmann::json::parse(line(log_format::json, value,
                                 {{"text", value},
                                  {"big", std::uint64_t{18446744073709551615u}},
                                  {"small", std::int64_t{-9223372036854775807}},
                                  {"share", 0.1},
                                  {"nan", std::nan("")},
                                  {"no", false},
                                  {"char_count", short{7}}}));
  CHECK(parsed["msg"] == value);
  CHECK(parsed["text"] == value);
  CHECK(parsed["big"] == 18446744073709551615u);
  CHECK(parsed["small"] == -9223372036854775807);
  CHECK(parsed["share"] == 0.1);
  CHECK(parsed["nan"].is_null());
  CHECK(parsed["no"] == false);
  CHECK(parsed["char_count"] == 7);
}

TEST_CASE("a field cannot take the place of a fixed key") {
  const auto parsed = nlohmann::json::parse(
      line(log_format::json, "real",
           {{"msg", "forged"}, {"level", "error"}, {"a", 1}, {"a", 2}}));
  CHECK(parsed["msg"] == "real");
  CHECK(parsed["level"] == "info");
  CHECK(parsed["msg_"] == "forged");
  CHECK(parsed["level_"] == "error");
  CHECK(parsed["a"] == 2);
}

TEST_CASE("long texts and many fields are cut and say so") {
  const std::string text(log_text_bytes_max + 5, 'x');
  CHECK(line(log_format::text, text).ends_with("xxx...(+5 bytes)"));
  CHECK(line(log_format::text, std::string(log_text_bytes_max, 'x'))
            .ends_with("xxx"));
  const std::vector<field> many(log_fields_max + 3, field{"k", 1});
  CHECK(line(log_format::text, "m", many).ends_with(" k=1 fields_dropped=3"));
  const auto parsed = nlohmann::json::parse(line(log_format::json, "m", many));
  CHECK(parsed["fields_dropped"] == 3);
}

} // namespace weft::observe
