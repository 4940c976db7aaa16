#include "apps/weft/cluster_file.hpp"
#include "apps/weft/running_cluster.hpp"

#include <doctest/doctest.h>

namespace weft::apps {

TEST_CASE("a mistake as JSON has null for what is not known of it") {
  const config::problem known{{"my dir/c.yaml", 11, 42},
                              "actors[0].type",
                              "no type \"a.b\"; did you mean: a.c?\nor not"};
  CHECK(to_json(known).dump()
        == R"({"column":42,"file":"my dir/c.yaml","line":11,"message":)"
           R"("no type \"a.b\"; did you mean: a.c?\nor not","path":)"
           R"("actors[0].type"})");
  const auto placeless = to_json({{}, "", "cannot load ./absent.so"});
  CHECK(placeless["line"].is_null());
  CHECK(placeless["file"].is_null());
  CHECK(placeless["path"].is_null());
}

TEST_CASE("a cluster is named by its file, or by a directory that was chosen") {
  CHECK(choosing_arguments("a/b.yaml", "") == "a/b.yaml");
  CHECK(choosing_arguments("a b.yaml", "") == "'a b.yaml'");
  CHECK(choosing_arguments("b.yaml", "/tmp/it's")
        == R"(--run-dir '/tmp/it'\''s')");
}

TEST_CASE("a cluster that was found is named by its file only where the file "
          "leads to it") {
  launcher::run_info run;
  run.cluster = "demo";
  run.file = "/etc/demo.yaml";
  run.path = launcher::default_run_path(launcher::current_environment(), "demo",
                                        run.file);
  CHECK(choosing_arguments(run) == "/etc/demo.yaml");
  run.path = "/tmp/x";
  CHECK(choosing_arguments(run) == "--run-dir /tmp/x");
  run = {};
  run.path = "/run/weft-demo";
  run.launched = false;
  CHECK(choosing_arguments(run) == "--run-dir /run/weft-demo");
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
