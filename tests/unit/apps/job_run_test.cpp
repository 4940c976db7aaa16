#include "apps/weft/job_run.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

TEST_CASE("a failed run has the form of a good one, with the error in place "
          "of the result") {
  run_report report{"demo", 4, 1.5, nlohmann::json{{"sum", 7}}};
  CHECK(to_json(report).dump()
        == R"({"cluster":"demo","nodes":4,"ok":true,"result":{"sum":7},)"
           R"("seconds":1.5})");
  report.outcome = fail(errc::timed_out, "too late");
  CHECK(to_json(report).dump()
        == R"({"cluster":"demo","error":{"code":"timed_out","message":)"
           R"("too late"},"nodes":4,"ok":false,"seconds":1.5})");
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
