#include "runtime/base/draft_file.hpp"
#include "tests/unit/base/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace weft {

using test::temporary_folder;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

unsigned mode_of(const std::string& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

std::ptrdiff_t files_in(const temporary_folder& folder) {
  return std::distance(std::filesystem::directory_iterator{folder.path}, {});
}

} // namespace

TEST_CASE("a draft takes its name when it is whole") {
  const temporary_folder folder;
  const auto path = folder.path + "/text";
  auto file = draft_file::create(path);
  REQUIRE(file);
  REQUIRE(file->write("one "));
  REQUIRE(file->write("two"));
  CHECK_FALSE(std::filesystem::exists(path));
  REQUIRE(file->finish());
  CHECK(content_of(path) == "one two");
  CHECK(mode_of(path) == 0600);
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a draft that is given up leaves what was there") {
  const temporary_folder folder;
  const auto path = folder.path + "/text";
  REQUIRE(write_atomically(path, "before"));
  {
    auto file = draft_file::create(path);
    REQUIRE(file);
    REQUIRE(file->write("after"));
  }
  CHECK(content_of(path) == "before");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a file that is written at once appears whole, replaces, and reports "
          "its path") {
  const temporary_folder folder;
  const auto path = folder.path + "/secret";
  for (const auto what : {survives::the_process, survives::a_power_failure}) {
    REQUIRE(write_atomically(path, "one", what));
    CHECK(content_of(path) == "one");
    CHECK(mode_of(path) == 0600);
    REQUIRE(write_atomically(path, "two", what));
    CHECK(content_of(path) == "two");
    const auto absent = folder.path + "/absent/secret";
    const auto failed = write_atomically(absent, "x", what);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == errc::io);
    CHECK(failed.error().message.find(absent) != std::string::npos);
  }
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a draft names what stands in its way") {
  const auto absent = draft_file::create("/nowhere/x");
  REQUIRE_FALSE(absent);
  CHECK(absent.error()
        == failure{errc::not_found,
                   "cannot write /nowhere/x: No such file or directory"});
}

} // namespace weft
