#include "apps/weft/cluster_file.hpp"
#include "apps/weft/running_cluster.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

TEST_CASE("a line about a mistake is taken apart and put together again") {
  const config::problem known{{"my dir/c.yaml", 11, 42},
                              "actors[0].type",
                              "no type \"a.b\"; did you mean: a.c?\nor not"};
  CHECK(problem_of(config::to_string(known)) == known);
  CHECK(to_json(known).dump()
        == R"({"column":42,"file":"my dir/c.yaml","line":11,"message":)"
           R"("no type \"a.b\"; did you mean: a.c?\nor not","path":)"
           R"("actors[0].type"})");
  const config::problem pathless{{"c.yaml", 1, 2}, "", "it is wrong: so wrong"};
  CHECK(problem_of(config::to_string(pathless)) == pathless);
}

TEST_CASE("a line without a place is a message") {
  for (const auto* line : {"cannot load ./absent.so: no such file", "", "a:b:",
                           "c.yaml:x:2: p: m", "c.yaml:99999999999:2: p: m"}) {
    const auto made = problem_of(line);
    CHECK(made == config::problem{{}, "", line});
    CHECK(to_json(made)["line"].is_null());
    CHECK(to_json(made)["file"].is_null());
  }
}

TEST_CASE("a cluster is named by its file, or by a directory that was chosen") {
  CHECK(choosing_arguments("a/b.yaml", "") == "a/b.yaml");
  CHECK(choosing_arguments("a b.yaml", "") == "'a b.yaml'");
  CHECK(choosing_arguments("b.yaml", "/tmp/it's")
        == R"(--run-dir '/tmp/it'\''s')");
}

TEST_CASE("a cluster that has ended says why and what to do") {
  launcher::run_info run;
  run.path = "/tmp/x";
  run.cluster = "demo";
  run.file = "/etc/demo.yaml";
  run.end = {launcher::run_end_kind::failed, "n2 fell", "noon"};
  CHECK(end_text(run)
        == "cluster demo does not run: it ended at noon: n2 fell\n"
           "its logs: weft logs --run-dir /tmp/x\n"
           "start it with: weft up /etc/demo.yaml --run-dir /tmp/x");
  run.path = launcher::default_run_path(launcher::current_environment(), "demo",
                                        run.file);
  run.end = {launcher::run_end_kind::stopped, "", "noon"};
  CHECK(end_text(run)
        == "cluster demo does not run: it was stopped at noon\n"
           "its logs: weft logs /etc/demo.yaml\n"
           "start it with: weft up /etc/demo.yaml");
  run.end = {launcher::run_end_kind::lost, "", ""};
  CHECK(end_text(run).find("may have been killed") != std::string::npos);
}

} // namespace weft::apps
