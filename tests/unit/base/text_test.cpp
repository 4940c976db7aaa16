#include "runtime/base/text.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft {

TEST_CASE("a misspelt word finds its nearest candidate") {
  const std::vector<std::string> known{"listen", "name", "http", "roles"};
  CHECK(nearest_spelling("lisen", known) == "listen");
  CHECK(nearest_spelling("nmae", known) == "name");
  CHECK(nearest_spelling("htpp", known) == "http");
}

TEST_CASE("a word that resembles nothing finds no candidate") {
  const std::vector<std::string> known{"listen", "name"};
  CHECK(nearest_spelling("membership", known) == std::nullopt);
  CHECK(nearest_spelling("", {}) == std::nullopt);
}

TEST_CASE("durations parse in every unit and print in the largest that fits") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration(" 5 s ") == 5s);
  CHECK(parse_duration("1.5h") == 90min);
  CHECK(parse_duration("0") == 0ns);
  CHECK(format_duration(90min) == "90min");
  CHECK(format_duration(1h) == "1h");
  CHECK(format_duration(1500us) == "1500us");
  CHECK(format_duration(0ns) == "0s");
}

TEST_CASE("a duration without a unit, negative or not finite is refused") {
  for (const auto* text : {"5", "-1s", "1 parsec", "s", "", "nan s", "1e300h"})
    CHECK_MESSAGE(!parse_duration(text), text);
}

TEST_CASE("sizes parse with decimal and binary units") {
  CHECK(parse_bytes("64MiB") == 64u << 20);
  CHECK(parse_bytes("10kB") == 10'000u);
  CHECK(parse_bytes("512") == 512u);
  CHECK(format_bytes(64u << 20) == "64MiB");
  CHECK(format_bytes(1000) == "1000B");
  CHECK(format_bytes(0) == "0B");
  for (const auto* text : {"-1", "1 XB", "", "1e30TiB"})
    CHECK_MESSAGE(!parse_bytes(text), text);
}

TEST_CASE("names are short, printable and cannot be read as a path or flag") {
  CHECK(is_name("greeter-1"));
  CHECK(is_name("n1.east_2"));
  for (const auto* text : {"", "-n", ".x", "a/b", "a b", "n\n"})
    CHECK_FALSE(is_name(text));
  CHECK_FALSE(is_name(std::string(65, 'a')));
}

TEST_CASE("splitting keeps empty parts") {
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
}

} // namespace weft
