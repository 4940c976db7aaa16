#include "apps/weft/job_run.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

TEST_CASE("a run has the same keys however it went") {
  run_report report{"demo", 4, 1.5, nlohmann::json{{"sum", 7}}};
  CHECK(to_json(report).dump()
        == R"({"cluster":"demo","error":null,"nodes":4,"ok":true,)"
           R"("problems":[],"result":{"sum":7},"seconds":1.5})");
  report.outcome = fail(errc::timed_out, "too late");
  CHECK(to_json(report).dump()
        == R"({"cluster":"demo","error":{"code":"timed_out","message":)"
           R"("too late"},"nodes":4,"ok":false,"problems":[],"result":null,)"
           R"("seconds":1.5})");
}

TEST_CASE("a run that never began has null for what is not known of it") {
  run_report report;
  report.outcome = fail(errc::invalid_argument, "no");
  report.problems = {{{"c.yaml", 1, 2}, "nodes", "none"}};
  CHECK(to_json(report).dump()
        == R"({"cluster":null,"error":{"code":"invalid_argument",)"
           R"("message":"no"},"nodes":null,"ok":false,"problems":[)"
           R"({"column":2,"file":"c.yaml","line":1,"message":"none",)"
           R"("path":"nodes"}],"result":null,"seconds":null})");
}

TEST_CASE("a job that says it is not well makes a run that is not") {
  run_report report{"demo", 4, 1.5, nlohmann::json{{"ok", false}}};
  CHECK(is_good(report));
  report.declined = true;
  CHECK(!is_good(report));
  CHECK(to_json(report)["ok"] == false);
  CHECK(to_json(report)["result"] == nlohmann::json{{"ok", false}});
}

} // namespace weft::apps
