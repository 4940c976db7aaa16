#include "spaces/binary.hpp"
#include "tests/unit/spaces/support.hpp"

#include <random>

namespace weft::spaces {

namespace {

using namespace std::string_literals;

std::string byte_refusal(const std::string& bytes) {
  std::string_view from = bytes;
  const auto read = decode_tuple(from);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::invalid_argument);
  CHECK(from == bytes);
  return read.error().message;
}

} // namespace

TEST_CASE("a tuple's bytes are as the header says") {
  const auto made = t("[null, true, -3, 1.0, \"ab\", {\"bytes\": \"/w==\"}, "
                      "{\"f64_array\": [2]}, [1]]");
  const auto bytes = "\x08\x00\x01\x01\x02\x05\x03\x00\x00\x00\x00\x00\x00\xF0"
                     "\x3F\x04\x02"
                     "ab\x05\x01\xFF\x06\x01\x00\x00\x00\x00\x00\x00\x00\x40"
                     "\x07\x01\x02\x02"s;
  CHECK(to_binary(made) == bytes);
  CHECK(tuple_from_binary(bytes) == made);
}

TEST_CASE("tuples follow one another and are read one by one") {
  std::string bytes;
  encode(t("[1]"), bytes);
  encode(t("[\"two\", 2]"), bytes);
  std::string_view from = bytes;
  CHECK(decode_tuple(from) == t("[1]"));
  CHECK(decode_tuple(from) == t("[\"two\", 2]"));
  CHECK(from.empty());
  CHECK(tuple_from_binary(bytes).error().message
        == "byte 3: expected the end, got more");
}

TEST_CASE("every matcher comes back from its bytes") {
  for (const auto* text :
       {"[_]", "[f64_array:_]", "[3..10]", "[3..]", "[..\"x\"]", "[\"jo\"*]",
        "[{\"prefix\": {\"bytes\": \"AA==\"}}]", "[1|\"a\"|null]", "[...]",
        "[\"a\", [1, [2]], {\"f64\": \"nan\"}, ...]"}) {
    CAPTURE(text);
    const auto made = p(text);
    const auto again = pattern_from_binary(to_binary(made));
    REQUIRE(again);
    CHECK(to_text(*again) == to_text(made));
    CHECK(again->open() == made.open());
  }
}

TEST_CASE("bytes that are no tuple are refused at their place") {
  CHECK(byte_refusal("") == "byte 0: expected more, got the end");
  CHECK(byte_refusal("\0"s) == "byte 1: a tuple has a field; got none");
  CHECK(byte_refusal("\x01") == "byte 1: expected more, got the end");
  CHECK(byte_refusal("\x01\x08"s) == "byte 2: expected a type, got 8");
  CHECK(byte_refusal("\x01\x01\x02"s)
        == "byte 3: expected at most 1 for a bool, got 2");
  CHECK(byte_refusal("\xE9\x07"s)
        == "byte 2: expected at most 1000 fields, got "
           "1001");
  CHECK(byte_refusal("\x81\x00\x00"s)
        == "byte 2: expected a number in its shortest form, got another");
  CHECK(byte_refusal("\x01\x04\x05"
                     "abc"s)
        == "byte 3: expected 5 more bytes, got 3");
  // Room for a billion elements is not reserved.
  CHECK(byte_refusal("\x01\x07\x80\x94\xEB\xDC\x03"s)
        == "byte 7: expected at most 5 elements, got 1000000000");
  CHECK(byte_refusal("\x01\x06\x80\x94\xEB\xDC\x03"s)
        == "byte 7: expected at most 2097152 doubles, got 1000000000");
}

TEST_CASE("lists in bytes are nested at most 32 deep") {
  const auto deep = [](std::size_t depth) {
    std::string bytes = "\x01";
    for (std::size_t i = 1; i < depth; ++i)
      bytes += "\x07\x01";
    return bytes + "\x07"s + '\0';
  };
  CHECK(tuple_from_binary(deep(32)));
  CHECK(byte_refusal(deep(33)).ends_with(
      "lists are nested at most 32 deep; got more"));
  CHECK_FALSE(tuple_from_binary(deep(1'000'000)));
}

TEST_CASE("a tuple of 16 MiB travels, one byte more does not") {
  auto made = tuple_of(std::string(tuple_bytes_max, 'x'));
  auto bytes = to_binary(made);
  CHECK(tuple_from_binary(bytes) == made);
  // The same with a field behind it.
  bytes[0] = 2;
  bytes += "\x01\x01";
  CHECK_FALSE(tuple_from_binary(bytes));
}

TEST_CASE("any bytes are read without harm") {
  const auto seed = std::random_device{}();
  MESSAGE("seed ", seed);
  std::mt19937 random{seed};
  const auto good =
      to_binary(t("[null, true, -3, 1.0, \"abcdefghijklmnopqrst\", {\"bytes\": "
                  "\"/w==\"}, {\"f64_array\": [2, 3]}, [1, [\"x\"], {\"f64\": "
                  "\"inf\"}]]"));
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = good;
    for (auto left = 1 + random() % 4; left > 0; --left)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % 8 == 0 ? random() % bytes.size() : bytes.size());
    if (const auto read = tuple_from_binary(bytes))
      CHECK(to_binary(*read) == bytes);
    if (const auto read = pattern_from_binary(bytes))
      CHECK(pattern_from_binary(to_binary(*read)));
  }
}

} // namespace weft::spaces
