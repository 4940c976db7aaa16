#include "runtime/module/loader.hpp"
#include "runtime/module/module.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

caf::behavior nobody() {
  return {[](int) {}};
}

bool body_throws = false;

} // namespace

WEFT_MODULE(linked_in) {
  if (body_throws)
    throw std::runtime_error("not today");
  module.actor("nobody", nobody);
}

namespace weft::modules {

namespace {

std::string library(const std::string& name) {
  const char* build = std::getenv("WEFT_BINARY_DIR");
  REQUIRE_MESSAGE(build, "WEFT_BINARY_DIR is set by ctest");
  return std::string{build} + "/tests/modules/lib" + name + ".so";
}

failure why_not(const std::string& entry) {
  auto loaded = load_module(entry);
  REQUIRE_FALSE(loaded);
  return loaded.error();
}

bool says(const failure& what, const std::string& text) {
  const bool found = what.message.find(text) != std::string::npos;
  if (!found)
    MESSAGE(what.message);
  return found;
}

} // namespace

TEST_CASE("a linked module is loaded by its name alone") {
  const auto loaded = load_module("linked_in");
  REQUIRE(loaded);
  REQUIRE(loaded->size() == 1);
  CHECK(loaded->front().file.empty());
  CHECK(loaded->front().actors[0].name == "linked_in.nobody");
  const auto names = linked_modules();
  CHECK(std::ranges::count(names, "linked_in") == 1);
}

TEST_CASE("a shared library is loaded by its path, and again") {
  for (int round = 0; round < 2; ++round) {
    const auto loaded = load_module(library("good"));
    REQUIRE(loaded);
    REQUIRE(loaded->size() == 1);
    CHECK(loaded->front().name == "good");
    CHECK(loaded->front().file == library("good"));
    CHECK(loaded->front().actors[0].name == "good.echo");
    CHECK(loaded->front().jobs[0].name == "good.answer");
  }
  const auto names = linked_modules();
  CHECK(std::ranges::count(names, "good") == 0);
}

TEST_CASE("an unknown linked module is answered with those there are") {
  const auto why = why_not("linked_im");
  CHECK(why.code == errc::not_found);
  CHECK(says(why, "did you mean linked_in?"));
  CHECK(says(why_not("elsewhere"), "write its path, such as ./libelsewhere"));
}

TEST_CASE("a missing file is named with its absolute path") {
  const auto why = why_not("./libnowhere.so");
  CHECK(why.code == errc::not_found);
  CHECK(says(why, "no such file"));
  CHECK(says(
      why, std::filesystem::absolute("libnowhere.so").parent_path().string()));
}

TEST_CASE("what is no shared library is refused") {
  const auto folder = std::filesystem::temp_directory_path();
  CHECK(says(why_not(folder.string() + "/"), "got a directory"));
  const auto text = folder / "weft_loader_test_text.so";
  std::ofstream{text} << "hello";
  CHECK(says(why_not(text.string()), "without an ELF header"));
  std::ofstream{text} << "\x7f"
                         "ELF and nothing that belongs to it";
  CHECK(says(why_not(text.string()),
             "expected a shared library for this machine"));
  std::filesystem::remove(text);
}

TEST_CASE("a library without a module is told how to define one") {
  const auto why = why_not(library("no_module"));
  CHECK(why.code == errc::not_found);
  CHECK(says(why, "the library has no WEFT_MODULE; add WEFT_MODULE(name) {"));
}

TEST_CASE("another weft, CAF or announcement is refused before it is used") {
  const auto version = why_not(library("other_version"));
  CHECK(version.code == errc::unsupported);
  CHECK(says(version, "was built with weft 0.0.1, but the program with weft"));
  CHECK(says(version, "rebuild the module"));
  CHECK(says(why_not(library("other_caf")), "was built with CAF 0.17.5"));
  CHECK(says(why_not(library("other_form")), "in a form that weft"));
}

TEST_CASE("a library that needs what weft has not says so") {
  const auto why = why_not(library("undefined_symbol"));
  CHECK(why.code == errc::unsupported);
  CHECK(says(why, "function_of_another_version"));
  CHECK(says(why, "rebuild it against this weft"));
}

TEST_CASE("a module that throws while it is loaded is named with the text") {
  const auto body = why_not(library("throws_in_body"));
  CHECK(body.code == errc::internal);
  CHECK(says(body, "WEFT_MODULE(throws_in_body) failed: it threw: no licence"));
  const auto constructor = why_not(library("throws_in_constructor"));
  CHECK(constructor.code == errc::internal);
  CHECK(says(constructor, "a static constructor failed: it threw: no table"));
  body_throws = true;
  const auto linked = why_not("linked_in");
  body_throws = false;
  CHECK(says(linked, "module WEFT_MODULE(linked_in) failed: it threw: not"));
}

TEST_CASE("all wrong registrations of a module are reported as one") {
  const auto why = why_not(library("wrong_registrations"));
  CHECK(why.code == errc::invalid_argument);
  CHECK(says(why, "wrong_registrations.nap is registered twice"));
  CHECK(says(why, "\"a.b\" is no name"));
  CHECK(says(why, "wrong_registrations.two: expected a weft::parameter"));
  CHECK(says(why, "wrong_registrations.default: default of x: expected"));
}

TEST_CASE("modules are loaded into a registry with every failure") {
  type_registry types;
  const auto failures =
      load_modules({"linked_in", library("good"), "nowhere",
                    library("same_name"), library("no_module")},
                   types);
  CHECK(types.modules().size() == 2);
  REQUIRE(failures.size() == 3);
  CHECK(failures[0].entry == 2);
  CHECK(says(failures[0].why, "module nowhere"));
  CHECK(failures[1].entry == 3);
  CHECK(says(failures[1].why, "two modules are named good: one from "));
  CHECK(failures[2].entry == 4);
  CHECK(says(failures[2].why, "no WEFT_MODULE"));
}

TEST_CASE("nothing is loaded behind a static constructor that threw") {
  // A file of its own, since a library that was loaded is not built again.
  const auto copy = std::filesystem::temp_directory_path()
                    / fmt::format("weft_loader_test_{}.so", ::getpid());
  std::filesystem::copy_file(library("throws_in_constructor"), copy);
  type_registry types;
  const auto failures =
      load_modules({"nowhere", copy.string(), library("good")}, types);
  std::filesystem::remove(copy);
  CHECK(types.modules().empty());
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].entry == 0);
  CHECK(failures[1].entry == 1);
  CHECK(says(failures[1].why, "no table; mend the module; the modules behind"));
}

} // namespace weft::modules
