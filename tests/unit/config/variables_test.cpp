#include "config/variables.hpp"
#include "tests/unit/config/support.hpp"

namespace weft::config::testing {

namespace {

/// An argument of a job whose value in the file is `value`.
nlohmann::json argument(const std::string& value,
                        const load_options& options = {}) {
  const auto text = with_node("jobs:\n  - name: j\n    type: m.j\n    args:\n"
                              "      x: "
                              + value + "\n");
  return good(text, options).jobs.at(0).args.value.at("x");
}

} // namespace

TEST_CASE("a variable is replaced by its value, typed as if it stood there") {
  const auto set = with_variables({{"A", "3"}, {"EMPTY", ""}, {"T", "a b"}});
  CHECK(argument("${A}", set) == 3);
  CHECK(argument("\"${A}\"", set) == "3");
  CHECK(argument("x${A}y${T}", set) == "x3ya b");
  CHECK(argument("${EMPTY}", set) == "");
  CHECK(argument("${A:-4}", set) == 3);
}

TEST_CASE("a default stands in for a variable that is unset or empty") {
  const auto set = with_variables({{"EMPTY", ""}, {"B", "b"}});
  CHECK(argument("${NONE:-4}", set) == 4);
  CHECK(argument("${NONE:-4}") == 4);
  CHECK(argument("${EMPTY:-4}", set) == 4);
  CHECK(argument("${NONE:-}", set) == "");
  CHECK(argument("${NONE:-${B}}", set) == "b");
  CHECK(argument("'${NONE:-{x}}'", set) == "{x}");
}

TEST_CASE("a doubled dollar keeps the braces") {
  CHECK(argument("$${A}") == "${A}");
  CHECK(argument("$5 $ $$") == "$5 $ $$");
}

TEST_CASE("a value that comes from a variable is not searched again") {
  CHECK(argument("${A}", with_variables({{"A", "${B}"}})) == "${B}");
}

TEST_CASE("variables without value and broken ones are reported in place") {
  const auto line = [](const std::string& value,
                       const load_options& options = {}) {
    const auto all =
        problems_of(with_node("log:\n  level: " + value + "\n"), options);
    REQUIRE(!all.empty());
    return all[0];
  };
  CHECK(line("${NONE}")
        == "c.yaml:5:10: log.level: expected a variable that is set, or "
           "${NAME:-default}, got ${NONE}, which is not set");
  CHECK(line("${A").find("expected a closing brace") != std::string::npos);
  CHECK(line("${1A}").find("expected ${NAME} or ${NAME:-default}, got "
                           "\"${1A}\"")
        != std::string::npos);
  CHECK(line("${A}", with_variables({{"A", "\xFF"}})).find("UTF-8")
        != std::string::npos);
}

TEST_CASE("a refused variable gives one problem, not two") {
  CHECK(problems_of(with_node("log:\n  level: ${NONE}\n")).size() == 1);
}

TEST_CASE("variables cannot make a configuration grow without end") {
  const auto set = with_variables({{"A", std::string(1u << 20, 'x')}});
  std::string text = "${A}${A}${A}${A}${A}${A}${A}${A}${A}";
  const auto all = problems_of(with_node("jobs: [{name: j, type: m.j, args: [\""
                                         + text + "\", \"" + text + "\"]}]\n"),
                               set);
  REQUIRE(all.size() == 1);
  CHECK(all[0].ends_with("at most 16777216 bytes of text, variables expanded"));
}

} // namespace weft::config::testing
