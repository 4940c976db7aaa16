#include "apps/weft/scaffold.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace weft::apps {

namespace {

namespace fs = std::filesystem;

/// A new empty folder that is removed at the end.
class temp_folder {
public:
  temp_folder() {
    std::string pattern = fs::temp_directory_path() / "weft_scaffold_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
  }
  ~temp_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

} // namespace

TEST_CASE("a project has module, test, cluster, build and readme") {
  const auto files = scaffold("demo");
  REQUIRE(files);
  for (const auto* path :
       {"CMakeLists.txt", "demo.hpp", "demo.cpp", "demo_test.cpp",
        "cluster.yaml", "README.md", ".gitignore"})
    CHECK_MESSAGE(files->contains(path), path);
  CHECK(files->size() == 7);
  CHECK(files->at("demo.cpp").find("WEFT_MODULE(demo)") != std::string::npos);
  CHECK(files->at("cluster.yaml").find("build/libdemo.so")
        != std::string::npos);
}

TEST_CASE("no placeholder is left in a project") {
  const auto files = scaffold("other_9");
  REQUIRE(files);
  for (const auto& [path, text] : *files) {
    CHECK(path.find('@') == std::string::npos);
    CHECK_MESSAGE(text.find("@NAME@") == std::string::npos, path);
    CHECK(text.ends_with("\n"));
  }
}

TEST_CASE("names that no module or target can have are refused") {
  for (const auto* name :
       {"", "Demo", "9lives", "_x", "a-b", "a.b", "a/b", "../x", "a b",
        "\xc3\xa9t\xc3\xa9", "test", "all", "weft", "class", "namespace", "int",
        "co_await", "xor_eq"}) {
    const auto files = scaffold(name);
    REQUIRE_FALSE_MESSAGE(files, name);
    CHECK(files.error().code == errc::invalid_argument);
  }
  CHECK_FALSE(scaffold(std::string(41, 'a')));
  CHECK(scaffold(std::string(40, 'a')));
}

TEST_CASE("a project is written into a new folder, never into an old one") {
  const temp_folder parent;
  const auto folder = write_scaffold(parent.path(), "demo");
  REQUIRE(folder);
  CHECK(*folder == parent.path() / "demo");
  std::ifstream in{*folder / "demo.cpp"};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  CHECK(text == scaffold("demo")->at("demo.cpp"));
  const auto again = write_scaffold(parent.path(), "demo");
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::already_exists);
  const auto nowhere = write_scaffold(parent.path() / "missing", "demo");
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().code == errc::io);
}

} // namespace weft::apps
