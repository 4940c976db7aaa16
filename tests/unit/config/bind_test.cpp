#include "config/bind.hpp"
#include "config/bind_scalar.hpp"
#include "config/plain_json.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/support.hpp"

#include <fmt/format.h>

namespace weft::config::testing {

namespace {

std::string only(const std::string& more) {
  const auto all = problems_of(with_node(more));
  CAPTURE(more);
  REQUIRE(all.size() == 1);
  return all[0];
}

} // namespace

TEST_CASE("each type refuses what is not of it") {
  CHECK(only("caf: {threads: 1025}\n")
        == "c.yaml:4:16: caf.threads: expected an integer from 0 to 1024 "
           "threads, got \"1025\"");
  CHECK(only("caf: {threads: 1.5}\n").find("an integer") != std::string::npos);
  CHECK(only("caf: {threads: -1}\n").find("an integer") != std::string::npos);
  CHECK(only("caf: {threads: }\n").ends_with("got nothing"));
  CHECK(only("caf: {threads: [1]}\n").ends_with("got a list"));
  CHECK(only("caf: 1\n")
        == "c.yaml:4:6: caf: expected a map of keys, got \"1\"");
  CHECK(only("modules: hello\n")
        == "c.yaml:4:10: modules: expected a list, got \"hello\"");
  CHECK(only("modules: [hello, {a: b}]\n")
            .starts_with("c.yaml:4:18: modules[1]"
                         ": expected the path"));
  CHECK(only("security: {insecure: yes}\n")
        == "c.yaml:4:22: security.insecure: expected true or false, got "
           "\"yes\"");
  CHECK(only("supervision: {period: 5}\n")
        == "c.yaml:4:23: supervision.period: expected a duration from 1ms to "
           "1d with its unit, got \"5\"");
  CHECK(only("supervision: {period: 2d}\n")
            .ends_with("expected a duration from 1ms to 1d, got \"2d\""));
  CHECK(only("supervision: {backoff: {factor: 0.5}}\n")
            .find("a number from 1 to 100")
        != std::string::npos);
  CHECK(only("supervision: {backoff: {factor: nan}}\n").find("a number")
        != std::string::npos);
  CHECK(only("log: {components: {transport: loud}}\n")
            .starts_with("c.yaml:4:31: log.components.transport: expected one "
                         "of"));
  CHECK(only("jobs: [{name: j, type: a.b, args: text}]\n")
            .ends_with("expected a map (by name) or a list (by position), got "
                       "\"text\""));
  CHECK(only("jobs: [text]\n")
        == "c.yaml:4:8: jobs[0]: expected a map of keys, got \"text\"");
  CHECK(only("modules: [\"a\\nb.so\"]\n").find("the path of a shared library")
        != std::string::npos);
}

TEST_CASE("empty sections and lists say nothing") {
  const auto options = good(with_node("caf:\nactors:\nlog: {}\n"));
  CHECK(options.caf == caf_options{});
  CHECK(options.actors.empty());
}

TEST_CASE("a quoted number is a number where the schema wants one") {
  CHECK(good(with_node("caf: {threads: \"8\"}\n")).caf.threads == 8);
}

TEST_CASE("required keys that are missing are reported at their map") {
  CHECK(problems_of("log: {level: info}\n")
        == lines{"c.yaml:1:1: cluster: expected a name of 1 to 64 letters, "
                 "digits, _, . and -, not starting with . or -, got nothing: "
                 "the key is required",
                 "c.yaml:1:1: nodes: expected a list of at most 1000 items, "
                 "got nothing: the key is required"});
  CHECK(problems_of(with_node("actors:\n  - name: a\n    node: n1\n"))
        == lines{"c.yaml:5:5: actors[0].type: expected module.name such as "
                 "hello.greeter, got nothing: the key is required"});
}

TEST_CASE("keys of later versions are told from unknown ones") {
  CHECK(only("worlds: [{name: sea}]\n")
        == "c.yaml:4:1: worlds: expected nothing, since this version of weft "
           "has no worlds yet, got a list");
  CHECK(problems_of("cluster: demo\nnodes: [{name: n1, roles: [space]}]\n")
        == lines{"c.yaml:2:20: nodes[0].roles: expected nothing, since this "
                 "version of weft has no roles of nodes yet, got a list"});
}

TEST_CASE("an unknown key never matches a nested or open row") {
  CHECK(only("security.tls: 1\n").starts_with("c.yaml:4:1: security.tls:"));
  CHECK(only("\"nodes[]\": 1\n").starts_with("c.yaml:4:1: \"nodes[]\":"));
  CHECK(only("\"*\": 1\n").find("expected one of the keys")
        != std::string::npos);
}

TEST_CASE("messages cut and escape what the file has") {
  const auto line = only("? \"\\e[31m" + std::string(5000, 'x') + "\"\n: 1\n");
  CHECK(line.size() < 400);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find("\\x1b[31m") != std::string::npos);
}

TEST_CASE("no list is longer than its row allows") {
  std::string modules = "modules: [";
  for (int i = 0; i < 65; ++i)
    modules += fmt::format("m{},", i);
  CHECK(only(modules + "]\n")
        == "c.yaml:4:1: modules: expected at most 64 items, got 65");
}

TEST_CASE("more problems than can be read are counted") {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += fmt::format("unknown{}: 1\n", i);
  const auto all = problems_of(with_node(text));
  REQUIRE(all.size() == 1001);
  CHECK(all.back().ends_with("expected at most 1000 problems, got 2000 more "
                             "that are not shown"));
}

TEST_CASE("arguments are typed by YAML's core schema") {
  const auto options = good(with_node(R"(jobs:
  - name: j
    type: m.j
    args: [3, -4, +5, 0x1F, 0o17, 010, 3.5, .5, 1e3, -1.5E-2, true, False,
           null, ~, "3", 'true', text, 1.2.3, 0x, 1e, -, ".inf",
           18446744073709551615, -9223372036854775808, yes, "", {a: [1]}]
)"));
  using nlohmann::json;
  const json expected{3,
                      -4,
                      5,
                      31,
                      15,
                      10,
                      3.5,
                      0.5,
                      1000.0,
                      -0.015,
                      true,
                      false,
                      nullptr,
                      nullptr,
                      "3",
                      "true",
                      "text",
                      "1.2.3",
                      "0x",
                      "1e",
                      "-",
                      ".inf",
                      18446744073709551615u,
                      std::numeric_limits<std::int64_t>::min(),
                      "yes",
                      "",
                      {{"a", json::array({1})}}};
  const auto& value = options.jobs[0].args.value;
  REQUIRE(value.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(value[i] == expected[i]);
    CHECK(value[i].type_name() == std::string{expected[i].type_name()});
  }
  CHECK(value[0].is_number_integer());
  CHECK(value[6].is_number_float());
}

TEST_CASE("arguments know the place of each value") {
  const auto options = good(with_node("jobs:\n  - name: j\n    type: m.j\n"
                                      "    args:\n      depth: 3\n"
                                      "      \"a/b~\": [1,\n       2]\n"));
  const auto& args = options.jobs[0].args;
  CHECK(args.path == "jobs[0].args");
  CHECK(args.places.at("") == location{"c.yaml", 7, 5});
  CHECK(args.places.at("/depth") == location{"c.yaml", 8, 14});
  CHECK(args.places.at("/a~1b~0/1") == location{"c.yaml", 10, 8});
}

TEST_CASE("numbers that JSON cannot hold are refused") {
  for (const auto* value : {".inf", "-.Inf", ".nan", "18446744073709551616",
                            "1e999", "-9223372036854775809"}) {
    const auto line = only(fmt::format(
        "jobs: [{{name: j, type: m.j, args: {{x: {}}}}}]\n", value));
    CHECK(line.starts_with("c.yaml:4:39: jobs[0].args.x: expected "));
    CHECK(line.ends_with(fmt::format("got \"{}\"", value)));
  }
}

} // namespace weft::config::testing
