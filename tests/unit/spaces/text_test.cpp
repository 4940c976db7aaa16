#include "tests/unit/spaces/support.hpp"

namespace weft::spaces {

namespace {

std::string tuple_refusal(std::string_view text) {
  const auto read = parse_tuple(text);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::invalid_argument);
  return read.error().message;
}

std::string pattern_refusal(std::string_view text) {
  const auto read = parse_pattern(text);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::invalid_argument);
  return read.error().message;
}

} // namespace

TEST_CASE("a tuple is printed as it is read") {
  for (const auto* text :
       {"[null]", "[true, false]", "[-9223372036854775808]", "[1.0, -0.0]",
        "[1e+300]", "[\"\"]", "[\"a\\\"b\\\\c\\u0001\"]", "[\"\xC3\xA4\"]",
        "[{\"f64\": \"nan\"}, {\"f64\": \"inf\"}, {\"f64\": \"-inf\"}]",
        "[{\"f64\": \"nan:7ff8000000000001\"}]", "[{\"bytes\": \"AAEC\"}]",
        "[{\"bytes\": \"\"}]", "[{\"f64_array\": [1.0, \"nan\", 2.5]}]",
        "[{\"f64_array\": []}]", "[[], [1, [\"x\", null]]]",
        "[{\"string\": {\"bytes\": \"/w==\"}}]", "[\"_\", \"3..10\"]"}) {
    CAPTURE(text);
    CHECK(to_text(t(text)) == text);
  }
}

TEST_CASE("a tuple is read from any JSON that means it") {
  CHECK(t(" [ 1 ,2 ] ") == tuple_of(1, 2));
  CHECK(t("[\"\\u00e4\\ud83d\\ude00\\n\\/\"]")
        == tuple_of("\xC3\xA4\xF0\x9F\x98\x80\n/"));
  CHECK(t("[1E2]") == tuple_of(100.0));
  CHECK(t("[{\"f64\": 3}]") == tuple_of(3.0));
  CHECK(t("[{\"string\": \"_\"}]") == tuple_of("_"));
}

TEST_CASE("a malformed tuple is refused with the place of the mistake") {
  CHECK(tuple_refusal("")
        == "character 1: expected [ of an array, got the "
           "end");
  CHECK(tuple_refusal("{}") == "character 1: expected [ of an array, got {");
  CHECK(tuple_refusal("[1, ]") == "character 5: expected a value, got ]");
  CHECK(tuple_refusal("[1 2]") == "character 4: expected a comma or ], got 2");
  CHECK(tuple_refusal("[1] x") == "character 5: expected the end, got x");
  CHECK(tuple_refusal("[\"\xC3\xA4\", job]")
        == "character 7: expected a value, got job");
  CHECK(tuple_refusal("[\"a]")
        == "character 2: expected the closing quote of this string, got the "
           "end");
  CHECK(tuple_refusal("[\"\xFF\"]")
        == "character 3: expected UTF-8, got other bytes");
  CHECK(tuple_refusal("[\"\\x\"]")
        == "character 3: expected an escape of JSON, got another");
  CHECK(tuple_refusal("[\"\\ud800\"]")
        == "character 3: expected two surrogates, got one");
  CHECK(tuple_refusal("[9223372036854775808]")
        == "character 2: expected a number that i64 or f64 can hold, got "
           "9223372036854775808");
  CHECK(tuple_refusal("[1e999]").starts_with("character 2: "));
  CHECK(tuple_refusal("[01]").starts_with("character 2: "));
  CHECK(tuple_refusal("[_]") == "character 2: expected a value, got _");
  CHECK(tuple_refusal("[{\"date\": 1}]")
        == "character 3: expected f64, bytes, f64_array or string as the key, "
           "got date");
  CHECK(tuple_refusal("[{\"i64\": 1}]").starts_with("character 10: "));
  CHECK(tuple_refusal("[{\"bytes\": \"AAE\"}]")
        == "character 12: expected base64 with padding, got another text");
  CHECK(tuple_refusal("[{\"f64\": \"many\"}]")
        == "character 10: expected nan, inf or -inf, got many");
  CHECK(tuple_refusal("[]")
        == "character 1: a tuple has 1 to 1000 fields; got 0");
  CHECK(tuple_refusal("[" + std::string(33, '['))
            .starts_with("character 34: "
                         "lists"));
  CHECK_FALSE(parse_tuple(std::string(1'000'000, '[')));
}

TEST_CASE("a pattern is printed as JSON whatever way it was written") {
  const std::vector<std::pair<const char*, const char*>> spellings{
      {"[_]", "[\"_\"]"},
      {"[\"_\"]", "[\"_\"]"},
      {"[i64:_, \"f64:_\"]", "[\"i64:_\", \"f64:_\"]"},
      {"[3..10]", "[{\"from\": 3, \"to\": 10}]"},
      {"[\"3..10\"]", "[{\"from\": 3, \"to\": 10}]"},
      {"[3.., ..2.5]", "[{\"from\": 3}, {\"to\": 2.5}]"},
      {"[\"3..\", \"..-2\"]", "[{\"from\": 3}, {\"to\": -2}]"},
      {"[\"a\"..\"b\"]", "[{\"from\": \"a\", \"to\": \"b\"}]"},
      {"[\"jo\"*, \"jo*\"]", "[{\"prefix\": \"jo\"}, {\"prefix\": \"jo\"}]"},
      {"[\"a\"|7|null]", "[{\"one_of\": [\"a\", 7, null]}]"},
      {"[1, ...]", "[1, \"...\"]"},
      {"[1, \"...\"]", "[1, \"...\"]"},
      {"[...]", "[\"...\"]"},
      {"[{\"string\": \"_\"}]", "[{\"string\": \"_\"}]"},
      {"[{\"string\": \"...\"}]", "[{\"string\": \"...\"}]"},
      {"[{\"string\": \"jo*\"}*]", "[{\"prefix\": \"jo*\"}]"},
      {"[[\"_\"]]", "[[\"_\"]]"},
      {"[\"a_\", \"x..y\", \"i65:_\"]", "[\"a_\", \"x..y\", \"i65:_\"]"},
  };
  for (const auto& [written, printed] : spellings) {
    CAPTURE(written);
    CHECK(to_text(p(written)) == printed);
    CHECK(to_text(p(printed)) == printed);
  }
}

TEST_CASE("a malformed pattern is refused with the place of the mistake") {
  CHECK(pattern_refusal("[\"job\", _")
        == "character 10: expected a comma or ], got the end");
  CHECK(pattern_refusal("[..., 1]")
        == "character 5: expected ] behind ..., got ,");
  CHECK(pattern_refusal("[1, 10..3]")
        == "character 5: a range goes upwards; its first bound is the larger "
           "one");
  CHECK(pattern_refusal("[3..x]") == "character 5: expected a value, got x");
  CHECK(pattern_refusal("[7*]")
        == "character 2: expected a prefix of string or bytes, got i64");
  CHECK(pattern_refusal("[1|]") == "character 4: expected a value, got ]");
  CHECK(pattern_refusal("[i65:_]") == "character 2: expected a value, got i65");
  CHECK(pattern_refusal("[]")
        == "character 1: a pattern has 1 to 1000 matchers; got 0");
  CHECK(pattern_refusal("[{\"form\": 3}]")
        == "character 3: expected from, to, prefix, one_of or a type as the "
           "key, got form");
  CHECK(pattern_refusal("[1...]").starts_with("character 3: "));
  CHECK(pattern_refusal("[_] ...")
        == "character 5: expected the end, got "
           "...");
}

} // namespace weft::spaces
