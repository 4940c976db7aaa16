#include "runtime/base/utf8.hpp"

#include <doctest/doctest.h>

namespace weft {

TEST_CASE("every length of sequence is recognised at its limits") {
  CHECK(utf8_sequence_bytes("") == 0);
  CHECK(utf8_sequence_bytes("a") == 1);
  CHECK(utf8_sequence_bytes("\x7f") == 1);
  CHECK(utf8_sequence_bytes("\xc2\x80") == 2);
  CHECK(utf8_sequence_bytes("\xdf\xbf") == 2);
  CHECK(utf8_sequence_bytes("\xe0\xa0\x80") == 3);
  CHECK(utf8_sequence_bytes("\xed\x9f\xbf") == 3);
  CHECK(utf8_sequence_bytes("\xef\xbf\xbf") == 3);
  CHECK(utf8_sequence_bytes("\xf0\x90\x80\x80") == 4);
  CHECK(utf8_sequence_bytes("\xf4\x8f\xbf\xbf") == 4);
}

TEST_CASE("overlong, surrogate, truncated and out-of-range bytes are refused") {
  for (const auto* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
        "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xe2(\xa1"}) {
    CHECK_MESSAGE(utf8_sequence_bytes(text) == 0, text);
    CHECK_FALSE(is_utf8(std::string("ok ") + text));
  }
  CHECK(is_utf8("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"));
}

TEST_CASE("a prefix never ends inside a character") {
  CHECK(utf8_prefix("abc", 3) == "abc");
  CHECK(utf8_prefix("abc", 2) == "ab");
  CHECK(utf8_prefix("a\xe2\x82\xac", 3) == "a");
  CHECK(utf8_prefix("a\xe2\x82\xac", 4) == "a\xe2\x82\xac");
  CHECK(utf8_prefix("\xf0\x9f\x98\x80", 3) == "");
  CHECK(utf8_prefix("\x80\x80\x80\x80\x80\x80", 5).size() == 5);
}

} // namespace weft
