#include "config/located_yaml.hpp"
#include "tests/unit/config/support.hpp"

#include <fmt/format.h>

namespace weft::config::testing {

namespace {

std::string only_problem(const std::string& text) {
  const auto all = problems_of(text);
  REQUIRE(all.size() == 1);
  return all[0];
}

} // namespace

TEST_CASE("places count lines and characters from one") {
  source_files files;
  files.add("c.yaml", "/");
  problem_list problems;
  yaml_usage usage;
  const auto root =
      parse_yaml("a: \xC3\xBC\nb: {k\xC3\xA9y: v, list: [x, \"y\"]}\nempty:\n"
                 "map:\n  c: d\n",
                 0, usage, problems);
  REQUIRE(root);
  CHECK(problems.empty());
  CHECK(root->find("a")->value.where == place{0, 1, 4});
  const auto& b = root->find("b")->value;
  CHECK(b.where == place{0, 2, 1});
  CHECK(b.entries[0].where == place{0, 2, 5});
  CHECK(b.entries[0].value.where == place{0, 2, 10});
  const auto& list = b.entries[1].value;
  CHECK(list.items[1].where == place{0, 2, 23});
  CHECK(list.items[1].quoted);
  CHECK(!list.items[0].quoted);
  CHECK(root->find("empty")->value.where == place{0, 3, 1});
  CHECK(root->find("map")->value.where == place{0, 4, 1});
  CHECK(root->find("missing") == nullptr);
  CHECK(measure(*root).nodes == 10);
}

TEST_CASE("a duplicate key is reported where it stands again") {
  CHECK(problems_of("cluster: a\nnodes: [{name: n1}]\ncluster: b\n")
        == lines{"c.yaml:3:1: cluster: expected each key once, got a second "
                 "\"cluster\"; the first is in line 1"});
  CHECK(problems_of("cluster: a\nnodes: [{name: n1,\n  name: n2}]\n")
        == lines{"c.yaml:3:3: nodes[0].name: expected each key once, got a "
                 "second \"name\"; the first is in line 2"});
}

TEST_CASE("what is not a text is refused at its first bad byte") {
  CHECK(only_problem("")
        == "c.yaml:1:1: expected a YAML map of keys, got an "
           "empty file");
  CHECK(only_problem(" \n\t\n").ends_with("got an empty file"));
  CHECK(only_problem("# nothing\n").ends_with("nothing but comments"));
  CHECK(only_problem(std::string("a: b\nc: \0d", 9))
        == "c.yaml:2:4: expected YAML in UTF-8, got control byte 0x00");
  CHECK(only_problem("a: \xFF\n")
        == "c.yaml:1:4: expected YAML in UTF-8, got invalid UTF-8 byte 0xff");
  CHECK(only_problem("a: \xC0\xAF\n").ends_with("byte 0xc0"));
  CHECK(only_problem("a: \xED\xA0\x80\n").ends_with("byte 0xed"));
  CHECK(only_problem("a: \xF4\x90\x80\x80\n").ends_with("byte 0xf4"));
  CHECK(only_problem("a: \xE2\x82").ends_with("byte 0xe2"));
  CHECK(only_problem(std::string(limits::file_bytes_max + 1, ' '))
            .ends_with("at most 4194304 bytes, got 4194305"));
}

TEST_CASE("what is not one map of keys is refused") {
  CHECK(only_problem("hello\n")
        == "c.yaml:1:1: expected a map of keys such as cluster and nodes, got "
           "\"hello\"");
  CHECK(only_problem("- a\n").ends_with("got a list"));
  CHECK(only_problem("a: 1\n---\nb: 2\n")
            .find("expected one YAML document, got a second")
        != std::string::npos);
  CHECK(only_problem("[a]: 1\n").find("expected a key, got a list or a map")
        != std::string::npos);
  CHECK(only_problem("? ~\n: 1\n").find("expected a key, got nothing")
        != std::string::npos);
  CHECK(only_problem("a: !secret 1\n")
        == "c.yaml:1:4: a: expected a value without a tag, got the tag "
           "\"!secret\"");
}

TEST_CASE("a syntax error has its place, and a remedy for bare braces") {
  CHECK(only_problem("a: b\nc: [1, 2\nd: 3\n").starts_with("c.yaml:3:"));
  for (const auto* text : {"cluster: \"demo\\\"\n", "cluster: 'demo''\n"})
    CHECK(only_problem(text)
          == "c.yaml:1:10: cluster: expected a closing quote, got the end of "
             "the file");
  CHECK(only_problem("nodes:\n  - {name: n{index}, replicate: 2}\n")
            .ends_with("put text with braces in quotes"));
}

TEST_CASE("an alias repeats the value of its anchor") {
  const auto options = good(with_node("supervision: &r {intensity: 9}\n"
                                      "launcher: {restart: *r}\n"));
  CHECK(options.supervision.intensity == 9);
  CHECK(options.launcher.restart.intensity == 9);
}

TEST_CASE("an alias needs a complete value before it and is no key") {
  CHECK(only_problem("a: *b\n").starts_with("c.yaml:1:"));
  CHECK(only_problem("a: &a [*a]\n")
        == "c.yaml:1:8: a[0]: expected an alias of a complete value, got one "
           "of a value that contains the alias");
  CHECK(only_problem("a: &a b\n*a : c\n").find("expected a key, got an alias")
        != std::string::npos);
  CHECK(only_problem("&a b: c\n").find("a key without an anchor")
        != std::string::npos);
  CHECK(only_problem("a: &a {b: c}\nd:\n  <<: *a\n").find("merge key")
        != std::string::npos);
}

TEST_CASE("each limit names itself") {
  std::string deep = "a: ";
  for (std::size_t i = 0; i < limits::depth_max; ++i)
    deep += '[';
  deep += std::string(limits::depth_max, ']');
  CHECK(only_problem(deep).ends_with("nested at most 64 deep"));

  std::string chain = "a0: &a0 [1]\n";
  for (int i = 1; i <= 64; ++i)
    chain += fmt::format("a{}: &a{} [*a{}]\n", i, i, i - 1);
  CHECK(only_problem(chain).ends_with("nested at most 64 deep"));

  std::string aliases = "a: &a 1\nb: [";
  for (std::size_t i = 0; i <= limits::aliases_max; ++i)
    aliases += "*a, ";
  CHECK(
      only_problem(aliases + "]\n").ends_with("expected at most 1000 aliases"));

  std::string many = "a: [";
  for (std::size_t i = 0; i <= limits::nodes_max; ++i)
    many += "1,";
  CHECK(only_problem(many + "]\n")
            .ends_with("expected at most 200000 values, aliases expanded"));

  std::string wide = "a: &a " + std::string(1u << 20, 'x') + "\nb: [";
  for (int i = 0; i < 20; ++i)
    wide += "*a, ";
  CHECK(only_problem(wide + "]\n")
            .ends_with("at most 16777216 bytes of text, aliases expanded"));
}

TEST_CASE("brackets and what they hold are limited before they are parsed") {
  CHECK(only_problem(std::string(limits::nodes_max + 1, '['))
        == "c.yaml:1:1: expected at most 200000 brackets, got 200001");
  std::string quotes = "x: [";
  while (quotes.size() < limits::file_bytes_max / 2)
    quotes += "\"\" ";
  CHECK(only_problem(quotes)
        == "c.yaml:1:4: expected values, and lists and maps in brackets, of at "
           "most 1048576 bytes");
}

TEST_CASE("an alias bomb is refused while it is small") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    bomb += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 10; ++j)
      bomb += fmt::format("*a{}{}", i - 1, j < 9 ? ", " : "]\n");
  }
  source_files files;
  files.add("c.yaml", "/");
  problem_list problems;
  yaml_usage usage;
  CHECK(!parse_yaml(bomb, 0, usage, problems));
  CHECK(!problems.empty());
  // No more than the alias that exceeded the limit was measured beyond it.
  CHECK(usage.nodes < 2 * limits::nodes_max);
}

} // namespace weft::config::testing
