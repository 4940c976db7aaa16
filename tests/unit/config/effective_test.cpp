#include "config/print.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/support.hpp"

namespace weft::config::testing {

namespace {

cluster_options example() {
  return good("cluster: demo\n"
              "modules: [./libhello.so, linked]\n"
              "log: {components: {transport: debug}}\n"
              "nodes:\n  - {name: n1, http: \"127.0.0.1:8001\"}\n"
              "  - {name: n2}\n"
              "jobs: [{name: j, type: m.j, args: {rows: 8}}]\n");
}

} // namespace

TEST_CASE("the effective configuration is spelled like a cluster file") {
  const auto json = to_json(example());
  CHECK(json["cluster"] == "demo");
  CHECK(json["caf"]["heartbeat_interval"] == "500ms");
  CHECK(json["log"]["level"] == "info");
  CHECK(json["log"]["components"] == nlohmann::json{{"transport", "debug"}});
  CHECK(json["nodes"][0]["http"] == "127.0.0.1:8001");
  CHECK(!json["nodes"][1].contains("http"));
  CHECK(json["supervision"]["backoff"]["factor"] == 2);
  CHECK(json["jobs"][0]["args"]["rows"] == 8);
  CHECK(!json.contains("worlds"));
  CHECK(!json.contains("include"));
}

TEST_CASE("the effective configuration loads back as it was") {
  const auto options = example();
  // JSON is YAML.
  CHECK(good(to_json(options).dump()) == options);
}

TEST_CASE("the hash is stable and does not depend on the machine") {
  auto options = example();
  const auto hash = configuration_hash(options);
  CHECK(hash.size() == 16);
  CHECK(configuration_hash(cluster_options{}) == "72359bacb99da1a2");
  options.modules[0].entry = "/elsewhere/libhello.so";
  options.nodes[0].where = {"other.yaml", 9, 9};
  options.jobs[0].args.places.clear();
  CHECK(configuration_hash(options) == hash);
  CHECK(comparable_json(options)["modules"]
        == nlohmann::json{"libhello.so", "linked"});
  CHECK(to_json(options)["modules"][0] == "/elsewhere/libhello.so");
}

TEST_CASE("the hash changes with every option") {
  const auto hash = configuration_hash(example());
  const auto changed = [&](auto change) {
    auto options = example();
    change(options);
    return configuration_hash(options) != hash;
  };
  CHECK(changed([](auto& o) { o.cluster = "other"; }));
  CHECK(changed([](auto& o) { o.modules[0].entry = "/x/libother.so"; }));
  CHECK(changed([](auto& o) { o.security.insecure = true; }));
  CHECK(changed([](auto& o) { o.security.tls.ca = "/ca.pem"; }));
  CHECK(changed([](auto& o) { o.supervision.backoff.factor = 3; }));
  CHECK(changed([](auto& o) { o.launcher.restart.intensity = 4; }));
  CHECK(changed([](auto& o) { o.log.components.clear(); }));
  CHECK(changed([](auto& o) { o.nodes[1].listen.port = 1; }));
  CHECK(changed([](auto& o) { std::swap(o.nodes[0], o.nodes[1]); }));
  CHECK(changed([](auto& o) { o.jobs[0].args.value["rows"] = 9; }));
}

TEST_CASE("the first difference names its path and both sides") {
  const auto a = comparable_json(example());
  const auto difference = [&](auto change) {
    auto options = example();
    change(options);
    return first_difference(a, comparable_json(options));
  };
  CHECK(first_difference(a, a) == std::nullopt);
  CHECK(difference(
            [](auto& o) { o.caf.heartbeat_interval = std::chrono::seconds{1}; })
        == "caf.heartbeat_interval: 500ms here, 1s there");
  CHECK(difference([](auto& o) { o.nodes[1].listen.port = 7; })
        == "nodes[1].listen: 127.0.0.1:0 here, 127.0.0.1:7 there");
  CHECK(difference([](auto& o) { o.nodes[0].http.reset(); })
        == "nodes[0].http: 127.0.0.1:8001 here, nothing there");
  CHECK(difference([](auto& o) {
          o.jobs.clear();
        })->starts_with("jobs[0]: {\"args\":{\"rows\":8}"));
  CHECK(difference([](auto& o) { o.jobs[0].args.value["rows"] = 9; })
        == "jobs[0].args.rows: 8 here, 9 there");
  CHECK(first_difference(1, "a") == "1 here, a there");
}

} // namespace weft::config::testing
