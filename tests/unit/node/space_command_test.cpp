#include "runtime/node/space_bench.hpp"
#include "runtime/node/space_command.hpp"
#include "runtime/node/space_json.hpp"
#include "spaces/routing.hpp"
#include "spaces/text.hpp"

#include <doctest/doctest.h>

#include <set>

namespace weft {

namespace {

using namespace std::chrono_literals;

std::string space_mistake(std::string_view operation, const std::string& body) {
  const auto parsed = parse_space_command(operation, body);
  return parsed ? "none" : parsed.error().message;
}

std::string parsed_tuple(const std::string& text) {
  const auto parsed = spaces::parse_tuple(text);
  REQUIRE(parsed);
  return tuple_json(*parsed).dump();
}

} // namespace

TEST_CASE("tuples and patterns are asked for as text or as JSON") {
  const auto write = parse_space_command(
      "write", R"({"tuples": [["job", 7], "[\"job\", 8.5]"], "lease_ms": 50})");
  REQUIRE(write);
  REQUIRE(write->tuples.size() == 2);
  CHECK(spaces::to_text(write->tuples[1]) == R"(["job", 8.5])");
  CHECK(write->lease == 50ms);
  CHECK(write->tenant == "default");

  const auto read = parse_space_command(
      "read", R"({"pattern": "[\"job\", _]", "tenant": "lab", "space": "a/b",
                  "timeout_ms": 1500, "limit": 3})");
  REQUIRE(read);
  CHECK(spaces::to_text(read->pattern) == R"(["job", "_"])");
  CHECK(read->tenant == "lab");
  CHECK(read->space == "a/b");
  CHECK(read->timeout == 1500ms);
  CHECK(read->limit == 3);

  const auto claim =
      parse_space_command("confirm", R"({"claim": {"shard": 3, "claim": 12}})");
  REQUIRE(claim);
  CHECK(claim->claim == claim_key{3, 12});
}

TEST_CASE("tuples of whole spaces are asked for") {
  const auto move =
      parse_space_command("move", R"({"pattern": ["a"], "to": "x/done"})");
  REQUIRE(move);
  CHECK(move->to == "x/done");
  CHECK(space_mistake("move", R"({"pattern": ["a"]})") == "move needs to");
  CHECK(space_mistake("copy", R"({"to": "done"})") == "copy needs pattern");

  const auto restore =
      parse_space_command("restore", R"({"file": "/tmp/a", "add": true})");
  REQUIRE(restore);
  CHECK(restore->file == "/tmp/a");
  CHECK(restore->add);
  CHECK(space_mistake("snapshot", R"({"file": "a"})")
        == "file: expected an absolute path, got \"a\"");
  CHECK(space_mistake("restore", R"({"file": "/a", "add": 1})")
        == "add: expected true or false, got 1");
  CHECK(space_mistake("snapshot", R"({"file": "/a", "add": true})")
            .starts_with("snapshot does not know add"));

  CHECK(parse_space_command("transfer", R"({"transfer": 3})")->transfer == 3);
}

TEST_CASE("a pattern that is left out matches every tuple") {
  const auto count = parse_space_command("count", "");
  REQUIRE(count);
  CHECK(count->pattern.matches(spaces::tuple_of("job", 7)));
  CHECK_FALSE(count->limit);
}

TEST_CASE("a request waits no longer than the server lets it") {
  const auto take = parse_space_command(
      "take", R"({"pattern": ["a"], "timeout_ms": 3000000})");
  REQUIRE(take);
  CHECK(take->timeout == space_wait_max);
}

TEST_CASE("what a space cannot be asked is refused with a reason") {
  CHECK(space_mistake("eat", "") == "tuple spaces have no operation eat");
  CHECK(space_mistake("stats", "[]") == "expected a JSON object");
  CHECK(space_mistake("stats", "{") == "expected a JSON object");
  CHECK(space_mistake("read", "{}") == "read needs pattern");
  CHECK(space_mistake("claim", R"({"pattern": ["a"]})")
        == "claim needs lease_ms");
  CHECK(space_mistake("read", R"({"patern": ["a"]})")
        == "read does not know patern; did you mean pattern?");
  CHECK(space_mistake("write", R"({"tuples": []})")
        == "tuples: expected 1 to 10000 tuples, got []");
  CHECK(space_mistake("write", R"({"tuples": [["a"], 7]})")
        == "tuples[1]: expected an array, or text, got 7");
  CHECK(space_mistake("write", R"({"tuples": ["[\"a\" 7]"]})")
            .starts_with("tuples[0]: character 6: "));
  CHECK(space_mistake("read", R"({"pattern": "[3..\"a\"]"})")
            .starts_with("pattern: "));
  CHECK(space_mistake("count", R"({"space": ""})")
        == "space: expected a name, got \"\"");
  CHECK(space_mistake("write", R"({"tuples": [["a"]], "lease_ms": 0})")
        == "lease_ms: expected a whole number, 1 to 2592000000, got 0");
  CHECK(space_mistake("confirm", R"({"claim": {"shard": 1}})")
        == "claim: expected {\"shard\", \"claim\"}, got {\"shard\":1}");
  CHECK(space_mistake("next", R"({"watch": -1})").starts_with("watch: "));
}

TEST_CASE("tuples are answered as JSON that reads back as the same") {
  CHECK(parsed_tuple(R"(["job", 7, 7.0, null, [1, "x"]])")
        == R"(["job",7,7.0,null,[1,"x"]])");
  CHECK(parsed_tuple(R"([{"bytes": "AAEC"}, {"f64": "inf"}])")
        == R"([{"bytes":"AAEC"},{"f64":"inf"}])");
  CHECK(parsed_tuple(R"([{"f64_array": [1, 2.5]}])")
        == parsed_tuple(parsed_tuple(R"([{"f64_array": [1, 2.5]}])")));
}

TEST_CASE("events are named by what became of the tuple") {
  watch_news news;
  news.dropped = 2;
  for (const auto kind : {spaces::watch_kind::added, spaces::watch_kind::taken,
                          spaces::watch_kind::expired})
    news.events.push_back({kind, {}, spaces::tuple_of("a", 1)});
  const auto made = news_json(news);
  CHECK(made["dropped"] == 2);
  CHECK(made["ended"] == false);
  CHECK(made["events"][0].dump() == R"({"event":"added","tuple":["a",1]})");
  CHECK(made["events"][1]["event"] == "taken");
  CHECK(made["events"][2]["event"] == "expired");
}

TEST_CASE("a shard only grows when it keeps most of all, the oldest too") {
  spaces::space_statistics of;
  of.index.tuples = 1000;
  of.last_sequence = 1000;
  of.oldest_sequence = 1;
  CHECK(only_grows(of));
  CHECK(shard_json(2, "n1", of)["only_grows"] == true);
  of.index.tuples = 999;
  CHECK_FALSE(only_grows(of));
  of.index.tuples = 1000;
  of.last_sequence = 2000;
  CHECK_FALSE(only_grows(of));
  of.last_sequence = 1900;
  of.oldest_sequence = 900;
  CHECK_FALSE(only_grows(of));
}

TEST_CASE("the tuples of a bench are distinct and reach every shard") {
  config::space_options of;
  of.shards = 4;
  for (const auto& routing :
       {std::vector<std::uint32_t>{0}, {1}, {2}, {3}, {0, 5}}) {
    of.routing = routing;
    const spaces::routing where{4, {routing.begin(), routing.end()}};
    std::set<std::size_t> reached;
    for (std::int64_t i = 0; i < 64; ++i) {
      const auto job = make_bench_job(of, "key", i);
      CHECK(job.with.matches(job.what));
      CHECK_FALSE(job.with.matches(make_bench_job(of, "key", i + 64).what));
      CHECK(where.shard_for(job.with) == where.shard_for(job.what));
      reached.insert(where.shard_for(job.what));
    }
    CHECK(reached.size() == 4);
  }
}

TEST_CASE("where a number routes, the bench puts its number there") {
  config::space_options of;
  of.route_by = config::space_routing::number;
  for (const std::uint32_t field : {0, 1, 3}) {
    of.routing = {field};
    const auto job = make_bench_job(of, "key", 7);
    CHECK(job.what[field].type() == spaces::field_type::i64);
    CHECK(job.with.matches(job.what));
  }
}

TEST_CASE("percentiles are told in microseconds") {
  observe::histogram samples;
  CHECK(percentiles(samples)["p50"] == 0.0);
  for (int i = 200; i > 0; --i)
    samples.record(std::chrono::nanoseconds{i});
  const auto of = percentiles(samples);
  CHECK(of["p50"] == 0.1);
  CHECK(of["p90"] == 0.18);
  CHECK(of["p999"] == 0.2);
  CHECK(of["max"] == 0.2);
}

} // namespace weft
