#include "runtime/observe/prometheus_text.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace weft::observe {

TEST_CASE("counters and gauges read as in the exposition format") {
  const std::vector<metric_family> families{
      {"http_requests_total",
       "The total number of HTTP requests.",
       metric_kind::counter,
       {{{{"code", "200"}, {"method", "post"}}, std::uint64_t{1027}},
        {{{"code", "400"}, {"method", "post"}},
         std::uint64_t{18446744073709551615u}}}},
      {"level",
       "Level.",
       metric_kind::gauge,
       {{{}, 1.5},
        {{{"l", "a"}}, 3.0},
        {{{"l", "b"}}, -std::numeric_limits<double>::infinity()},
        {{{"l", "c"}}, std::numeric_limits<double>::infinity()},
        {{{"l", "d"}}, std::numeric_limits<double>::quiet_NaN()},
        {{{"l", "e"}}, 1e100}}}};
  CHECK(prometheus_text(families)
        == R"(# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{code="200",method="post"} 1027
http_requests_total{code="400",method="post"} 18446744073709551615
# HELP level Level.
# TYPE level gauge
level 1.5
level{l="a"} 3
level{l="b"} -Inf
level{l="c"} +Inf
level{l="d"} NaN
level{l="e"} 1e+100
)");
  CHECK(prometheus_text({}).empty());
}

TEST_CASE("quotes, backslashes and line feeds cannot forge a line") {
  const std::vector<metric_family> families{
      {"a",
       "Say \"hi\"\nto C:\\.",
       metric_kind::gauge,
       {{{{"path", "C:\\DIR\\F.TXT"}, {"why", "no \"file\"\nb 1"}}, 1.0}}}};
  CHECK(prometheus_text(families) == R"(# HELP a Say "hi"\nto C:\\.
# TYPE a gauge
a{path="C:\\DIR\\F.TXT",why="no \"file\"\nb 1"} 1
)");
}

TEST_CASE("a histogram reads as cumulative buckets, sum and count") {
  const std::vector<metric_family> families{
      {"call_seconds",
       "Calls.",
       metric_kind::histogram,
       {{{{"peer", "n2"}}, histogram_sample{{{1e-6, 1}, {0.5, 3}}, 4, 61.25}},
        {{}, histogram_sample{{}, 0, 0}}}}};
  CHECK(prometheus_text(families) == R"(# HELP call_seconds Calls.
# TYPE call_seconds histogram
call_seconds_bucket{peer="n2",le="1e-06"} 1
call_seconds_bucket{peer="n2",le="0.5"} 3
call_seconds_bucket{peer="n2",le="+Inf"} 4
call_seconds_sum{peer="n2"} 61.25
call_seconds_count{peer="n2"} 4
call_seconds_bucket{le="+Inf"} 0
call_seconds_sum 0
call_seconds_count 0
)");
}

} // namespace weft::observe
