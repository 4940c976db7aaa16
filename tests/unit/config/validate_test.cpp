#include "config/node_path.hpp"
#include "config/validate.hpp"
#include "tests/unit/config/support.hpp"

namespace weft::config::testing {

namespace {

constexpr const char* tls =
    "security: {tls: {ca: ca.pem, cert: c.pem, key: k.pem}}\n";

lines of_nodes(const std::string& nodes, const std::string& more = "") {
  return problems_of("cluster: demo\n" + more + "nodes:\n" + nodes);
}

} // namespace

TEST_CASE("wrong nodes are one mistake, not one more for each that is named") {
  CHECK(problems_of("cluster: c\nnodes: 3\nactors:\n"
                    "  - {name: a, type: m.a, node: n1}\n")
        == lines{"c.yaml:2:8: nodes: expected a list, got \"3\""});
}

TEST_CASE("a cluster has at least one node") {
  CHECK(problems_of("cluster: demo\nnodes: []\n")
        == lines{"c.yaml:2:1: nodes: expected at least one node, got none"});
}

TEST_CASE("actor names are unique among those of their module") {
  const auto text = with_node("actors:\n"
                              "  - {name: a, type: m.x, node: n1}\n"
                              "  - {name: a, type: other.x, node: n1}\n");
  CHECK(problems_of(text).empty());
  CHECK(problems_of(text + "  - {name: a, type: m.y, node: n1}\n")
        == lines{"c.yaml:7:12: actors[2].name: expected a name that no other "
                 "actor has, got \"m/a\"; the first is at c.yaml:5:12"});
}

TEST_CASE("job names and modules are unique") {
  CHECK(problems_of(with_node("jobs:\n  - {name: j, type: m.x}\n"
                              "  - {name: j, type: m.y}\n"))
            .size()
        == 1);
  CHECK(problems_of(with_node("modules: [./a.so, b, x/../a.so]\n"))[0].find(
            "c.yaml:4:22: modules[2]: expected each module once")
        == 0);
}

TEST_CASE("the right to spawn is given to nodes of the cluster") {
  CHECK(problems_of(with_node("security: {spawn_from: [n1, n9]}\n"))
        == lines{"c.yaml:4:29: security.spawn_from[1]: expected the name of "
                 "one of the nodes, got \"n9\"; did you mean \"n1\"?"});
}

TEST_CASE("no two addresses on a host are the same") {
  CHECK(of_nodes("  - {name: a, listen: \"127.0.0.1:7001\"}\n"
                 "  - {name: b, listen: \"localhost:7001\"}\n"
                 "  - {name: c, listen: \"127.0.0.2:7001\"}\n"
                 "  - {name: d, http: \"LOCALHOST:7001\"}\n")
        == lines{"c.yaml:4:23: nodes[1].listen: expected an address of its "
                 "own, got \"localhost:7001\", which nodes[0].listen has",
                 "c.yaml:6:21: nodes[3].http: expected an address of its own, "
                 "got \"LOCALHOST:7001\", which nodes[0].listen has"});
}

TEST_CASE("port 0 and repeated port 0 are fine on loopback") {
  CHECK(of_nodes("  - {name: a}\n  - {name: b, http: \"[::1]:0\"}\n").empty());
}

TEST_CASE("off loopback a port is given and the address can be called") {
  CHECK(of_nodes("  - {name: a, listen: \"10.0.0.1:0\"}\n", tls)
        == lines{"c.yaml:4:23: nodes[0].listen: expected a port from 1 to "
                 "65535, since other machines cannot find out which one the "
                 "system chose, got \"10.0.0.1:0\""});
  CHECK(of_nodes("  - {name: a, listen: \"0.0.0.0:1\"}\n", tls)
        == lines{"c.yaml:4:23: nodes[0].listen: expected an address that other "
                 "nodes can call, got \"0.0.0.0:1\""});
}

TEST_CASE("nodes on and off loopback do not mix") {
  CHECK(of_nodes("  - {name: a, listen: \"127.0.0.1:1\"}\n"
                 "  - {name: b, listen: \"b.example:1\"}\n",
                 tls)
        == lines{"c.yaml:4:23: nodes[0].listen: expected an address off "
                 "loopback, since nodes[1].listen is off loopback and could "
                 "not reach this one, got \"127.0.0.1:1\""});
}

TEST_CASE("HTTP stays on loopback") {
  CHECK(of_nodes("  - {name: a, http: \"10.0.0.1:80\"}\n")
        == lines{"c.yaml:3:21: nodes[0].http: expected an address on loopback, "
                 "since this version of weft has no tokens for HTTP yet, got "
                 "\"10.0.0.1:80\""});
}

TEST_CASE("plain connections are for loopback only") {
  CHECK(of_nodes("  - {name: a}\n", "security: {insecure: true}\n").empty());
  CHECK(of_nodes("  - {name: a, listen: \"10.0.0.1:1\"}\n",
                 "security: {insecure: true}\n")
        == lines{"c.yaml:2:22: security.insecure: expected false, since "
                 "nodes[0].listen is 10.0.0.1:1, off loopback, got true"});
}

TEST_CASE("whoever makes the certificates may miss them, and nothing else") {
  load_options making;
  making.certificates_may_be_missing = true;
  const std::string off_loopback =
      "cluster: demo\nnodes: [{name: a, listen: \"10.0.0.1:1\"}]\n";
  CHECK(problems_of(off_loopback).size() == 1);
  CHECK(problems_of(off_loopback, making).empty());
  CHECK(problems_of(off_loopback + "security: {tls: {ca: a}}\n", making).size()
        == 2);
  CHECK(
      problems_of(off_loopback + "security: {insecure: true}\n", making).size()
      == 1);
}

TEST_CASE("off loopback certificates are needed, all three of them") {
  CHECK(of_nodes("  - {name: a, listen: \"10.0.0.1:1\"}\n", tls).empty());
  CHECK(of_nodes("  - {name: a, listen: \"10.0.0.1:1\"}\n")
        == lines{"c.yaml:3:23: security.tls: expected certificates, since "
                 "nodes[0].listen is 10.0.0.1:1, off loopback, got nothing; "
                 "make them with weft certs and name them under "
                 "security.tls"});
  CHECK(of_nodes("  - {name: a}\n", "security: {tls: {cert: c.pem}}\n")
        == lines{"c.yaml:2:12: security.tls.ca: expected ca, cert and key "
                 "together, got nothing here",
                 "c.yaml:2:12: security.tls.key: expected ca, cert and key "
                 "together, got nothing here"});
  CHECK(of_nodes("  - {name: a}\n",
                 "security: {insecure: true, tls: {ca: a, cert: b, key: c}}\n")
        == lines{"c.yaml:2:28: security.tls: expected no certificates beside "
                 "insecure: true, got some"});
}

TEST_CASE("nodes do not share a log file") {
  const std::string two = "  - {name: a}\n  - {name: b}\n";
  CHECK(of_nodes("  - {name: a}\n", "log: {file: a.log}\n").empty());
  CHECK(of_nodes(two, "log: {file: \"{node}.log\"}\n").empty());
  const auto shared = of_nodes(two, "log: {file: all.log}\n");
  REQUIRE(shared.size() == 1);
  CHECK(shared[0].find("log.file: expected {node} in a path that several nodes "
                       "have, got ")
        != std::string::npos);
  CHECK(config::with_node("{node}/{node}.log", "n1") == "n1/n1.log");
}

TEST_CASE("durations that depend on each other agree") {
  CHECK(problems_of(with_node("caf: {heartbeat_interval: 3s}\n"))
        == lines{"c.yaml:4:27: caf.heartbeat_interval: expected a duration "
                 "below the connection timeout of 3s, got 3s"});
  CHECK(problems_of(with_node("caf: {connection_timeout: 200ms}\n"))
        == lines{"c.yaml:4:27: caf.heartbeat_interval: expected a duration "
                 "below the connection timeout of 200ms, got 500ms"});
  CHECK(problems_of(with_node("supervision: {backoff: {first: 11s}}\n"))[0]
            .starts_with("c.yaml:4:32: supervision.backoff.first: expected"));
  CHECK(
      problems_of(with_node("launcher: {restart: {backoff: {max: 1ms}}}\n"))[0]
          .starts_with("c.yaml:4:37: launcher.restart.backoff.first: expected "
                       "a duration of at most the longest wait, 1ms"));
}

TEST_CASE("what follows from a wrong value only is not reported") {
  CHECK(of_nodes("  - {name: a, listen: \"10.0.0.1:1\"}\n"
                 "  - {name: b, listen: nowhere}\n",
                 tls)
            .size()
        == 1);
  CHECK(problems_of(with_node("caf: {connection_timeout: 1ms}\n")).size() == 1);
  CHECK(of_nodes("  - {name: a, listen: \"10.0.0.1:1\"}\n",
                 "security: {tls: {ca: []}}\n")
            .size()
        == 3);
}

} // namespace weft::config::testing
