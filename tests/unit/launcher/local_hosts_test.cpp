#include "runtime/launcher/local_hosts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace weft::launcher {

TEST_CASE("loopback and wildcard addresses are of every machine") {
  for (const auto* host :
       {"127.0.0.1", "127.9.8.7", "::1", "[::1]", "localhost", "LocalHost",
        "0.0.0.0", "::", "::ffff:127.0.0.1"})
    CHECK_MESSAGE(is_local_host(host, {}), host);
}

TEST_CASE("an address is local when an interface has it, however it is "
          "spelt") {
  const std::vector<std::string> local{"atlas", "10.0.0.7", "2001:db8::7"};
  for (const auto* host : {"10.0.0.7", "2001:DB8:0:0::7", "[2001:db8::7]",
                           "2001:db8::7%eth0", "::ffff:10.0.0.7", "ATLAS"})
    CHECK_MESSAGE(is_local_host(host, local), host);
  for (const auto* host : {"10.0.0.8", "2001:db8::8", "atlas2", "", "10.0.0",
                           "example.org", "::ffff:10.0.0.8"})
    CHECK_FALSE_MESSAGE(is_local_host(host, local), host);
}

TEST_CASE("the nodes of this machine keep the order of the file") {
  config::cluster_options cluster;
  for (const auto& [name, host] :
       {std::pair{"n1", "10.0.0.7"}, std::pair{"n2", "10.0.0.8"},
        std::pair{"n3", "127.0.0.1"}}) {
    auto& node = cluster.nodes.emplace_back();
    node.name = name;
    node.listen.host = host;
  }
  const std::vector<std::string> local{"10.0.0.7"};
  CHECK(local_nodes(cluster, local) == std::vector<std::string>{"n1", "n3"});
}

TEST_CASE("this machine has its loopback address") {
  const auto hosts = local_hosts();
  CHECK(std::ranges::find(hosts, "127.0.0.1") != hosts.end());
}

} // namespace weft::launcher
