#include "config/load.hpp"
#include "tests/unit/config/support.hpp"

#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace weft::config::testing {

TEST_CASE("a complete file sets every option that it names") {
  const auto options = good(R"(cluster: demo
modules: [hello, lib/libgreet.so]
security:
  insecure: true
  spawn_from: [n2]
caf: {threads: 4, max_throughput: 50, heartbeat_interval: 1s,
      connection_timeout: 5s}
log:
  format: json
  level: warning
  components: {transport: trace}
supervision:
  intensity: 7
  period: 2min
  backoff: {first: 1ms, max: 1s, factor: 1.5}
launcher: {ready_timeout: 5s, stop_timeout: 1s, restart: {intensity: 9}}
nodes:
  - {name: n1, listen: "127.0.0.1:7001", http: "localhost:8001"}
  - {name: n2, listen: "[::1]:7002"}
actors:
  - {name: g, type: hello.greeter, node: n2, restart: transient,
     args: {depth: 3}}
jobs:
  - {name: party, type: hello.party, timeout: 10s, args: [1, two]}
)");
  CHECK(options.cluster == "demo");
  REQUIRE(options.modules.size() == 2);
  CHECK(options.modules[0].entry == "hello");
  CHECK(options.modules[1].entry
        == (std::filesystem::current_path() / "lib/libgreet.so").string());
  CHECK(options.security.insecure);
  CHECK(options.security.spawn_from == std::vector<std::string>{"n2"});
  CHECK(options.caf == caf_options{4, 50, 1s, 5s});
  CHECK(options.log.format == log_format::json);
  CHECK(options.log.level == log_level::warning);
  CHECK(options.log.components.at("transport") == log_level::trace);
  CHECK(options.supervision == restart_options{7, 2min, {1ms, 1s, 1.5}});
  CHECK(options.launcher.ready_timeout == 5s);
  CHECK(options.launcher.restart.intensity == 9);
  REQUIRE(options.nodes.size() == 2);
  CHECK(options.nodes[0].http == endpoint{"localhost", 8001});
  CHECK(options.nodes[1].listen == endpoint{"::1", 7002});
  CHECK(options.nodes[1].where == location{"c.yaml", 19, 5});
  REQUIRE(options.actors.size() == 1);
  CHECK(options.actors[0].restart == restart_kind::transient);
  CHECK(options.actors[0].args.value == nlohmann::json{{"depth", 3}});
  REQUIRE(options.jobs.size() == 1);
  CHECK(options.jobs[0].timeout == 10s);
  CHECK(options.jobs[0].args.value == nlohmann::json{1, "two"});
  CHECK(options.jobs[0].args.path == "jobs[0].args");
}

TEST_CASE("six different mistakes in one file give six lines") {
  const auto lines = problems_of(R"(cluster: demo
caf:
  thread: 2
log: {level: inof}
nodes:
  - name: n1
    listen: 127.0.0.1:70000
  - name: n1
actors:
  - name: greeter
    type: greeter
    node: n1
  - {name: other, type: hello.greeter, node: m1}
)");
  CHECK(
      lines
      == testing::lines{
          R"(c.yaml:3:3: caf.thread: expected a known key, got "thread"; did you mean "threads"?)",
          R"(c.yaml:4:14: log.level: expected one of trace, debug, info, warning, error, off, got "inof"; did you mean "info"?)",
          R"(c.yaml:7:13: nodes[0].listen: expected a port from 0 to 65535 after the last colon, got "127.0.0.1:70000")",
          R"(c.yaml:8:11: nodes[1].name: expected a name that no other node has, got "n1"; the first is at c.yaml:6:11)",
          R"(c.yaml:11:11: actors[0].type: expected module.name such as hello.greeter, got "greeter")",
          R"(c.yaml:13:46: actors[1].node: expected the name of one of the nodes, got "m1"; did you mean "n1"?)"});
}

TEST_CASE("a file that cannot be read says why") {
  const temporary_folder folder;
  const auto message = [](const std::string& path) {
    const auto loaded = load_file(path, {});
    REQUIRE(loaded.problems.size() == 1);
    return to_string(loaded.problems[0]);
  };
  const auto missing = (folder.path() / "missing.yaml").string();
  CHECK(message(missing)
        == missing + ": expected a file that can be read, got \""
               + missing.substr(0, 60) + (missing.size() > 60 ? "..." : "")
               + "\": No such file or directory");
  CHECK(message(folder.path()).ends_with("which is a directory"));
  const auto pipe = (folder.path() / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(message(pipe).ends_with("which is a device or a pipe"));
  const auto large = folder.write("large.yaml", "");
  std::filesystem::resize_file(large, 100u << 20);
  CHECK(message(large).find("of at most 4194304 bytes") != std::string::npos);
  if (::geteuid() != 0) {
    const auto secret = folder.write("secret.yaml", "cluster: demo");
    ::chmod(secret.c_str(), 0);
    CHECK(message(secret).ends_with("Permission denied"));
  }
}

TEST_CASE("paths are relative to the file that they stand in") {
  const temporary_folder folder;
  folder.write("parts/security.yaml",
               "modules: [./libhello.so, linked, ../x.so]\n"
               "security: {tls: {ca: ca.pem, cert: \"{node}.pem\", key: k}}\n");
  const auto file = folder.write("cluster.yaml", "cluster: demo\n"
                                                 "include: parts/security.yaml"
                                                 "\nnodes: [{name: n1}]\n");
  const auto loaded = load_file(file, {});
  REQUIRE(loaded.ok());
  const auto in = [&](const char* name) {
    return (folder.path() / name).string();
  };
  const auto& modules = loaded.options.modules;
  REQUIRE(modules.size() == 3);
  CHECK(modules[0].entry == in("parts/libhello.so"));
  CHECK(modules[1].entry == "linked");
  CHECK(modules[2].entry == in("x.so"));
  CHECK(to_string(modules[1].where) == in("parts/security.yaml") + ":1:26");
  CHECK(loaded.options.security.tls
        == tls_options{in("parts/ca.pem"), in("parts/{node}.pem"),
                       in("parts/k")});
}

TEST_CASE("the process's environment tells set from unset") {
  REQUIRE(::setenv("WEFT_CONFIG_TEST", "value", 1) == 0);
  CHECK(process_environment("WEFT_CONFIG_TEST") == "value");
  ::unsetenv("WEFT_CONFIG_TEST");
  CHECK(process_environment("WEFT_CONFIG_TEST") == std::nullopt);
}

} // namespace weft::config::testing
