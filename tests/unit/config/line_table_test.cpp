#include "config/line_table.hpp"

#include <doctest/doctest.h>

namespace weft::config {

TEST_CASE("places of bytes count characters, in any order of asking") {
  line_table lines{"ab\n\xC3\xBC\xE2\x82\xACx\n", 3};
  CHECK(lines.at(std::size_t{0}) == place{3, 1, 1});
  CHECK(lines.at(std::size_t{2}) == place{3, 1, 3});
  CHECK(lines.at(std::size_t{8}) == place{3, 2, 3});
  CHECK(lines.at(1, 2) == place{3, 2, 2});
  CHECK(lines.at(0, 1) == place{3, 1, 2});
  CHECK(lines.at(std::size_t{10}) == place{3, 3, 1});
}

TEST_CASE("what is outside the text moves to its nearest place") {
  line_table lines{"ab\ncd", 0};
  CHECK(lines.at(-1, -1) == place{0, 1, 1});
  CHECK(lines.at(9, 9) == place{0, 2, 3});
  CHECK(lines.at(std::size_t{99}) == place{0, 2, 3});
}

TEST_CASE("lines are known by number") {
  const line_table lines{"ab\ncd", 0};
  CHECK(lines.line(1) == "ab");
  CHECK(lines.line(2) == "cd");
  CHECK(lines.line(0).empty());
  CHECK(lines.line(3).empty());
}

TEST_CASE("an open quote is told from a closed one") {
  const auto closed = [](std::string_view text) {
    return line_table{text, 0}.quote_is_closed(0, 0);
  };
  CHECK(closed("plain"));
  CHECK(closed("\"a\\\"b\""));
  CHECK(closed("'it''s'"));
  CHECK(!closed("\"a\\\""));
  CHECK(!closed("'it''"));
  CHECK(!closed("'"));
}

} // namespace weft::config
