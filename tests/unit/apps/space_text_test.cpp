#include "apps/weft/space_text.hpp"
#include "spaces/text.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

namespace {

std::string shown_mistake(const std::string& text) {
  const auto parsed = spaces::parse_tuple(text);
  REQUIRE_FALSE(parsed);
  const auto shown = mistake_text(text, parsed.error());
  return shown.substr(shown.find('\n') + 1);
}

} // namespace

TEST_CASE("a caret is below the place of a mistake") {
  CHECK(shown_mistake(R"(["job" 7])")
        == "  [\"job\" 7]\n"
           "         ^\n");
  CHECK(shown_mistake(R"(["größe" 7])")
        == "  [\"größe\" 7]\n"
           "           ^\n");
  CHECK(shown_mistake("[\"a\",\n7")
        == "  [\"a\", 7\n"
           "         ^\n");
}

TEST_CASE("of a long text what is around the mistake is shown") {
  const auto shown = shown_mistake("[\"" + std::string(200, 'x') + "\" 7, \""
                                   + std::string(200, 'y') + "\"]");
  const auto line = shown.substr(0, shown.find('\n'));
  CHECK(line.size() < 90);
  CHECK(line.starts_with("  ...x"));
  CHECK(line.ends_with("y..."));
  CHECK(line[shown.find('^') - line.size() - 1] == '7');
}

TEST_CASE("a message without a place stands alone") {
  CHECK(mistake_text("[]", {errc::invalid_argument, "too few fields"})
        == "too few fields\n");
}

TEST_CASE("events show what became of a tuple") {
  const nlohmann::json tuple{"job", 7, 1.5};
  CHECK(event_line({{"event", "added"}, {"tuple", tuple}})
        == "+ [\"job\", 7, 1.5]\n");
  CHECK(event_line({{"event", "taken"}, {"tuple", tuple}})
        == "- [\"job\", 7, 1.5]\n");
  CHECK(event_line({{"event", "expired"}, {"tuple", tuple}})
        == "x [\"job\", 7, 1.5]\n");
}

TEST_CASE("statistics are a table of shards, shapes of all, and warnings") {
  const nlohmann::json shape{{"types", "string,i64"}, {"fixed", {0, 1}},
                             {"ordered", nullptr},    {"tuples", 3},
                             {"groups", 2},           {"lookups", 5}};
  nlohmann::json shard{{"shard", 0},           {"node", "n1"},
                       {"tuples", 3},          {"bytes", 48},
                       {"written", 4},         {"taken", 1},
                       {"oldest_sequence", 2}, {"last_sequence", 4},
                       {"only_grows", false},  {"shapes", {shape}}};
  auto other = shard;
  other["shard"] = 1;
  other["only_grows"] = true;
  const nlohmann::json answer{{"space",
                               {{"name", "jobs"},
                                {"tenant", "default"},
                                {"namespace", "default"},
                                {"shards", 2}}},
                              {"shards", {shard, other}}};
  const auto text = space_statistics_text(answer);
  CHECK(text.starts_with(
      "space jobs (tenant default, namespace default), 2 shards\nSHARD  NODE"));
  CHECK(text.find("2 of 4") != std::string::npos);
  CHECK(text.find("string,i64  0, 1          6       4     10\n")
        != std::string::npos);
  CHECK(text.ends_with("warning: shard 1 only grows: 3 of the 4 tuples that "
                       "were ever written are still there, and the oldest was "
                       "write 2\n"));
}

} // namespace weft::apps
