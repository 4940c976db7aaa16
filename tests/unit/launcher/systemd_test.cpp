#include "runtime/base/draft_file.hpp"
#include "runtime/launcher/process.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "runtime/launcher/systemd.hpp"
#include "tests/unit/launcher/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

config::cluster_options two_nodes() {
  config::cluster_options cluster;
  cluster.cluster = "demo";
  cluster.nodes.resize(2);
  cluster.nodes[0].name = "n1";
  cluster.nodes[1].name = "n2";
  cluster.nodes[1].listen.port = 700;
  cluster.security.tls = {"ca.pem", "{node}.pem", "{node}.key"};
  return cluster;
}

const std::vector<std::string> both{"n1", "n2"};

bool has_line(const systemd_unit& unit, const std::string& line) {
  return unit.text.find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("each node gets a service, and a target wants them all") {
  const auto units = make_systemd_units(
      two_nodes(), both, {"/usr/bin/weft", "/etc/demo.yaml", {}, ""});
  REQUIRE(units);
  REQUIRE(units->size() == 3);
  const auto& service = units->at(0);
  CHECK(service.name == "weft-demo-n1.service");
  CHECK(has_line(service, "ExecStart=\"/usr/bin/weft\" node "
                          "\"/etc/demo.yaml\" --name n1 --run-dir "
                          "/run/weft-demo"));
  CHECK(has_line(service, "Restart=on-failure"));
  CHECK(has_line(service, "TimeoutStopSec=10000000us"));
  CHECK(has_line(service, "StartLimitIntervalSec=60000000us"));
  CHECK(has_line(service, "StartLimitBurst=4"));
  CHECK(has_line(service, "RestartSec=100000us"));
  CHECK(has_line(service, "PartOf=weft-demo.target"));
  const auto& target = units->at(2);
  CHECK(target.name == "weft-demo.target");
  CHECK(has_line(target, "Wants=weft-demo-n1.service"));
  CHECK(has_line(target, "Wants=weft-demo-n2.service"));
}

TEST_CASE("several nodes without certificates are refused, with what to do") {
  auto cluster = two_nodes();
  cluster.security.tls = {};
  const systemd_options options{"/usr/bin/weft", "/etc/demo.yaml", {}, ""};
  const auto refused = make_systemd_units(cluster, both, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_argument);
  CHECK(refused.error().message.find("weft certs /etc/demo.yaml")
        != std::string::npos);
  cluster.security.insecure = true;
  CHECK(make_systemd_units(cluster, both, options));
  cluster.security.insecure = false;
  cluster.nodes.pop_back();
  CHECK(make_systemd_units(cluster, std::vector<std::string>{"n1"}, options));
}

TEST_CASE("words of the command line lose their special meaning") {
  const auto units =
      make_systemd_units(two_nodes(), std::vector<std::string>{"n1"},
                         {"/opt/my $weft/100%",
                          "/etc/a \"b\"\\$HOME%n.yaml",
                          {"log.level=$x"},
                          ""});
  REQUIRE(units);
  CHECK(has_line(units->at(0),
                 R"(ExecStart="/opt/my $weft/100%%" node )"
                 R"("/etc/a \"b\"\\$$HOME%%n.yaml" --name n1 )"
                 R"(--run-dir /run/weft-demo --set "log.level=$$x")"));
}

TEST_CASE("a user of its own keeps only the right to a low port") {
  const auto units = make_systemd_units(
      two_nodes(), both, {"/usr/bin/weft", "/etc/demo.yaml", {}, "weft"});
  REQUIRE(units);
  CHECK(has_line(units->at(0), "User=weft"));
  CHECK(has_line(units->at(0), "CapabilityBoundingSet="));
  CHECK(has_line(units->at(1), "CapabilityBoundingSet=CAP_NET_BIND_SERVICE"));
  CHECK(has_line(units->at(1), "AmbientCapabilities=CAP_NET_BIND_SERVICE"));
}

TEST_CASE("what would make a broken unit is refused") {
  const auto cluster = two_nodes();
  const std::vector<systemd_options> wrong{
      {"weft", "/etc/demo.yaml", {}, ""},
      {"/usr/bin/weft", "demo.yaml", {}, ""},
      {"/usr/bin/weft", "/etc/demo.yaml\nUser=root", {}, ""},
      {"/usr/bin/weft", "/etc/demo.yaml", {"a=b\nc"}, ""},
      {"/usr/bin/weft", "/etc/demo.yaml", {}, "me\nGroup=wheel"}};
  for (const auto& options : wrong)
    CHECK(make_systemd_units(cluster, both, options).error().code
          == errc::invalid_argument);
  CHECK(make_systemd_units(cluster, std::vector<std::string>{"n9"},
                           {"/usr/bin/weft", "/etc/demo.yaml", {}, ""})
            .error()
            .code
        == errc::invalid_argument);
}

TEST_CASE("systemd itself finds nothing wrong with the units") {
  const temp_dir dir;
  REQUIRE(write_atomically(dir / "demo %$.yaml", "cluster: demo\n"));
  const auto units = make_systemd_units(
      two_nodes(), both,
      {"/bin/sh", dir / "demo %$.yaml", {"a=\"b\""}, "root"});
  REQUIRE(units);
  command verify{"/usr/bin/systemd-analyze", {"verify", "--man=no"}, {}};
  for (const auto& unit : *units) {
    REQUIRE(write_atomically(dir / unit.name, unit.text));
    verify.arguments.push_back(dir / unit.name);
  }
  boost::asio::io_context context;
  std::string output;
  std::optional<exit_status> end;
  const auto child =
      child_process::spawn(context, verify,
                           {[&](std::string_view piece) { output += piece; },
                            [&](exit_status status) { end = status; }});
  REQUIRE(child);
  context.run_for(30s);
  REQUIRE(end);
  CHECK_MESSAGE(end->success(), output);
  // It names the unit in each complaint, and complains of others' units too.
  CHECK_MESSAGE(output.find("weft-demo") == std::string::npos, output);
}

} // namespace weft::launcher
