#include "apps/weft/log_merge.hpp"
#include "apps/weft/text_table.hpp"
#include "apps/weft/tree_text.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

TEST_CASE("columns are as wide as their widest cell, in code points") {
  CHECK(text_table({{"NODE", "STATE"}, {"n1", "up"}, {"größer", "down"}})
        == "NODE    STATE\nn1      up\ngrößer  down\n");
  CHECK(text_table({}).empty());
  CHECK(text_table({{"a", ""}}) == "a\n");
}

TEST_CASE("elapsed times are read at a glance") {
  CHECK(elapsed_text(0.42) == "0.4 s");
  CHECK(elapsed_text(75) == "75 s");
  CHECK(elapsed_text(600) == "10 min");
  CHECK(elapsed_text(3600 * 5 + 120) == "5 h 2 min");
  CHECK(elapsed_text(3600 * 7.1) == "7 h 6 min");
  CHECK(elapsed_text(86'400 * 3) == "3 d 0 h");
}

TEST_CASE("a tree shows the kind, state and restarts of every child") {
  const nlohmann::json tree{
      {"name", "n2"},
      {"kind", "supervisor"},
      {"state", "running"},
      {"uptime_ms", 5000},
      {"children",
       {{{"name", "hello"},
         {"kind", "supervisor"},
         {"state", "running"},
         {"uptime_ms", 5000},
         {"children",
          {{{"name", "greeter-2"},
            {"kind", "worker"},
            {"state", "running"},
            {"uptime_ms", 1500},
            {"restarts", 1},
            {"last_reason", "killed"}}}}},
        {{"name", "factory"}, {"kind", "worker"}, {"state", "stopped"}}}}};
  CHECK(tree_text(tree)
        == "n2               supervisor  running  5.0 s\n"
           "├─ hello         supervisor  running  5.0 s\n"
           "│  └─ greeter-2              running  1.5 s  1 restart, last: "
           "killed\n"
           "└─ factory                   stopped\n");
}

TEST_CASE("logs are merged by time, and lines without one stay in place") {
  const std::vector<std::vector<log_line>> logs{
      {{"n1", "2026-11-21T10:00:00.100Z n1 info a"},
       {"n1", "  a continuation"},
       {"n1", "2026-11-21T10:00:00.300Z n1 info c"}},
      {{"n2", "{\"ts\":\"2026-11-21T10:00:00.200Z\",\"msg\":\"b\"}"}}};
  const auto merged = merge_logs(logs);
  REQUIRE(merged.size() == 4);
  CHECK(merged[0].text.ends_with("a"));
  CHECK(merged[1].text == "  a continuation");
  CHECK(merged[2].node == "n2");
  CHECK(merged[3].text.ends_with("c"));
}

TEST_CASE("only a time at the head of a line counts as its time") {
  CHECK(time_of_line("2026-11-21T10:00:00.100Z n1").size() == 24);
  CHECK(time_of_line("at 2026-11-21T10:00:00.100Z").empty());
  CHECK(time_of_line("").empty());
  CHECK(time_of_line("abcd-ef-ghTij:kl:mn.opqZ").empty());
}

} // namespace weft::apps
