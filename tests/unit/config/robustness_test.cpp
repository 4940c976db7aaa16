#include "config/load.hpp"
#include "tests/unit/config/support.hpp"

#include <string>
#include <string_view>

namespace weft::config::testing {

TEST_CASE("hostile repetitions are refused") {
  const auto repeated = [](std::string_view part) {
    std::string text;
    while (text.size() + part.size() <= (1u << 20))
      text += part;
    return text;
  };
  for (const auto* part :
       {"[",       "{",     "- ",        "? ",  "a: ",          "&a ",
        "*a ",     "!!x ",  "- - - a\n", "'",   "\"",           "|\n",
        ">",       "%\n",   "#",         "a\n", ": ",           "a: {",
        "[a, ",    "---\n", "...\n",     "${",  "a: &a [*a]\n", "{a: b}",
        "\xC3\xBC"}) {
    CAPTURE(part);
    CHECK(!load_text(repeated(part), "c.yaml", {}).ok());
  }
}

TEST_CASE("a long key costs no more than its length") {
  const std::string key((3u << 20), 'k');
  const auto all = problems_of(with_node("? " + key + "\n: 1\n"));
  REQUIRE(!all.empty());
  CHECK(all[0].size() < 1000);
}

} // namespace weft::config::testing
