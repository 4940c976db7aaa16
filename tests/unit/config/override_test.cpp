#include "config/override.hpp"
#include "tests/unit/config/support.hpp"

namespace weft::config::testing {

namespace {

constexpr const char* file = "cluster: demo\nnodes:\n  - name: n1\n"
                             "  - name: n.2\njobs:\n  - name: heat\n"
                             "    type: m.heat\n    args: {rows: 8}\n";

lines refused(std::string text) {
  return problems_of(file, with_overrides({std::move(text)}));
}

} // namespace

TEST_CASE("an override sets a value by index, by name and in a new section") {
  const auto options = good(
      file,
      with_overrides({"nodes[0].listen=127.0.0.1:7001",
                      "nodes.n.2.listen=127.0.0.1:7002", "log.level=debug",
                      "log.components.transport=trace",
                      "jobs.heat.args.rows=512", "jobs[0].args.name=a=b",
                      "modules=[m, \"./x.so\"]", "security.spawn_from=[n1]"}));
  CHECK(options.nodes[0].listen.port == 7001);
  CHECK(options.nodes[1].listen.port == 7002);
  CHECK(options.log.level == log_level::debug);
  CHECK(options.log.components.at("transport") == log_level::trace);
  CHECK(options.jobs[0].args.value
        == nlohmann::json{{"rows", 512}, {"name", "a=b"}});
  REQUIRE(options.modules.size() == 2);
  CHECK(options.modules[1].entry
        == (std::filesystem::current_path() / "x.so").string());
}

TEST_CASE("the later of two overrides wins") {
  CHECK(
      good(file, with_overrides({"log.level=debug", "log.level=off"})).log.level
      == log_level::off);
}

TEST_CASE("an override of replicate comes before, all others after it") {
  const auto options = good("cluster: demo\nnodes:\n"
                            "  - {name: \"n{index}\", replicate: 2}\n",
                            with_overrides({"nodes.n3.listen=127.0.0.1:7003",
                                            "nodes[0].replicate=3"}));
  REQUIRE(options.nodes.size() == 3);
  CHECK(options.nodes[2].listen.port == 7003);
}

TEST_CASE("a value in braces is text unless it is whole YAML") {
  const auto options = good(
      file, with_overrides({"jobs[0].args.a={node}.pem",
                            "jobs[0].args.b={c: 1}", "jobs[0].args.d=\"1\""}));
  const auto& args = options.jobs[0].args.value;
  CHECK(args["a"] == "{node}.pem");
  CHECK(args["b"] == nlohmann::json{{"c", 1}});
  CHECK(args["d"] == "1");
}

TEST_CASE("what is wrong with an override is reported at --set") {
  CHECK(refused("log.level")
        == lines{"--set: expected path=value such as log.level=debug, got "
                 "\"log.level\""});
  CHECK(refused("log.level=loud")
        == lines{"--set: log.level: expected one of trace, debug, info, "
                 "warning, error, off, got \"loud\""});
  CHECK(refused("log.levle=debug")
        == lines{"--set: log.levle: expected a known key, got \"levle\"; did "
                 "you mean \"level\"?"});
  CHECK(refused("nodes[2].listen=x")
        == lines{"--set: nodes[2].listen: expected an index below 2, got "
                 "\"[2].listen\""});
  CHECK(refused("nodes.n3.listen=x")
        == lines{"--set: nodes.n3.listen: expected an index or the name of an "
                 "entry, got \"n3.listen\"; did you mean \"n1\"?"});
  CHECK(refused("cluster.name=x")[0].find("no map") != std::string::npos);
  CHECK(refused("log..level=x").size() == 1);
  CHECK(refused("nodes[0]listen=x").size() == 1);
  CHECK(refused("nodes[x].listen=x").size() == 1);
  CHECK(refused("nodes[0.listen=x").size() == 1);
  CHECK(refused("log.=x").size() == 1);
  CHECK(refused("modules=[a: b: c]").size() == 1);
  CHECK(refused("log.level=\xFF").size() == 1);
}

TEST_CASE("an override's path is limited in depth") {
  std::string path = "a";
  for (int i = 0; i < 100; ++i)
    path += ".a";
  const auto all = refused(path + "=1");
  CHECK(!all.empty());
}

} // namespace weft::config::testing
