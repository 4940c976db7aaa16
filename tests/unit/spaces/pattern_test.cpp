#include "tests/unit/spaces/support.hpp"

#include <limits>

namespace weft::spaces {

namespace {

bool fits(std::string_view wanted, std::string_view fields) {
  return p(wanted).matches(t(fields));
}

std::string matcher_refusal(std::vector<matcher> matchers) {
  const auto made = pattern::make(matchers);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::invalid_argument);
  return made.error().message;
}

} // namespace

TEST_CASE("a pattern matches tuples of its own arity field by field") {
  CHECK(fits("[\"a\", 1]", "[\"a\", 1]"));
  CHECK_FALSE(fits("[\"a\", 1]", "[\"a\", 2]"));
  CHECK_FALSE(fits("[\"a\", 1]", "[\"a\", 1.0]"));
  CHECK_FALSE(fits("[\"a\", _]", "[\"a\"]"));
  CHECK_FALSE(fits("[\"a\"]", "[\"a\", 1]"));
}

TEST_CASE("a wildcard matches every type, a typed one only its own") {
  const texts fields{"[null]",  "[true]",
                     "[7]",     "[7.5]",
                     "[\"s\"]", "[{\"bytes\": \"AA==\"}]",
                     "[[]]",    "[{\"f64_array\": []}]"};
  for (const auto& each : fields)
    CHECK(fits("[_]", each));
  for (const auto* type :
       {"null", "bool", "i64", "f64", "string", "bytes", "list", "f64_array"}) {
    int matched = 0;
    for (const auto& each : fields)
      matched += fits("[" + std::string{type} + ":_]", each) ? 1 : 0;
    CHECK(matched == 1);
  }
}

TEST_CASE("a range includes both of its bounds and has one type") {
  CHECK(fits("[3..10]", "[3]"));
  CHECK(fits("[3..10]", "[10]"));
  CHECK_FALSE(fits("[3..10]", "[2]"));
  CHECK_FALSE(fits("[3..10]", "[11]"));
  CHECK_FALSE(fits("[3..10]", "[5.0]"));
  CHECK(fits("[-1.5..]", "[-0.0]"));
  CHECK(fits("[..-1.5]", "[{\"f64\": \"-inf\"}]"));
  CHECK_FALSE(fits("[-1.5..]", "[{\"f64\": \"nan\"}]"));
  CHECK(fits("[\"a\"..\"b\"]", "[\"abc\"]"));
  CHECK_FALSE(fits("[\"a\"..\"b\"]", "[\"ba\"]"));
}

TEST_CASE("a prefix matches texts of its type that begin with it") {
  CHECK(fits("[\"jo\"*]", "[\"job\"]"));
  CHECK(fits("[\"jo\"*]", "[\"jo\"]"));
  CHECK(fits("[\"\"*]", "[\"\"]"));
  CHECK_FALSE(fits("[\"jo\"*]", "[\"j\"]"));
  CHECK_FALSE(fits("[\"jo\"*]", "[{\"bytes\": \"am9i\"}]"));
  CHECK(fits("[{\"prefix\": {\"bytes\": \"am8=\"}}]", "[{\"bytes\": "
                                                      "\"am9i\"}]"));
}

TEST_CASE("a one-of matches each of its alternatives") {
  CHECK(fits("[1|\"a\"|null]", "[1]"));
  CHECK(fits("[1|\"a\"|null]", "[\"a\"]"));
  CHECK(fits("[1|\"a\"|null]", "[null]"));
  CHECK_FALSE(fits("[1|\"a\"|null]", "[2]"));
}

TEST_CASE("an open pattern lets more fields follow") {
  CHECK(fits("[\"a\", ...]", "[\"a\"]"));
  CHECK(fits("[\"a\", ...]", "[\"a\", 1, 2]"));
  CHECK_FALSE(fits("[\"a\", _, ...]", "[\"a\"]"));
  CHECK(fits("[...]", "[1, 2, 3]"));
}

TEST_CASE("a pattern knows what an index needs to know") {
  const auto how = p("[\"a\", i64:_, _, 1..2, 1|2, \"x\"]").how();
  CHECK(how.exact == 0b100001);
  CHECK(how.typed == 0b011010);
  CHECK(how.ordered == 3);
  CHECK(how.one_of == 4);
  CHECK(pattern::equal_to(t("[\"a\", 1, 2.5]")).how().exact == 0b111);
}

TEST_CASE("matchers that cannot be meant are refused with their position") {
  CHECK(matcher_refusal({}) == "a pattern has 1 to 1000 matchers; got 0");
  CHECK(pattern::make({}, true));
  CHECK(pattern::make(std::vector<matcher>(1000)));
  CHECK(matcher_refusal(std::vector<matcher>(1001))
        == "a pattern has 1 to 1000 matchers; got 1001");
  CHECK(matcher_refusal({match::any{}, match::range{}})
        == "position 1: a range has a bound; got none");
  CHECK(matcher_refusal({match::range{value{1}, value{2.0}}})
        == "position 0: expected bounds of one type, got i64 and f64");
  CHECK(matcher_refusal({match::range{value{2}, value{1}}})
        == "position 0: a range goes upwards; its first bound is the larger "
           "one");
  CHECK(matcher_refusal({match::range{value{true}, {}}})
        == "position 0: expected a range of i64, f64, string or bytes, got "
           "one of bool");
  CHECK(matcher_refusal(
            {match::range{value{std::numeric_limits<double>::quiet_NaN()}, {}}})
        == "position 0: no range has NaN as a bound");
  CHECK(matcher_refusal({match::prefix{1}})
        == "position 0: expected a prefix of string or bytes, got i64");
  CHECK(matcher_refusal({match::one_of{}})
        == "position 0: a one-of has 1 to 1000 alternatives; got 0");
  CHECK(matcher_refusal({match::one_of{value_list(1001)}})
        == "position 0: a one-of has 1 to 1000 alternatives; got 1001");
  CHECK(matcher_refusal({match::exact{std::string(tuple_bytes_max + 1, 'x')}})
            .starts_with("position 0: a tuple has at most"));
}

} // namespace weft::spaces
