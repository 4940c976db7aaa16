#include "apps/weft/log_reader.hpp"
#include "tests/unit/launcher/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace weft::apps {

namespace {

using words = std::vector<std::string>;

void append(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::app} << text;
}

void rotate(const std::string& path) {
  std::filesystem::rename(path, path + ".1");
}

words texts(const std::vector<log_line>& lines) {
  words all;
  for (const auto& line : lines)
    all.push_back(line.text);
  return all;
}

} // namespace

TEST_CASE("a log is read from where it was left, in whole lines") {
  const launcher::temp_dir dir;
  const auto path = dir / "n1.log";
  log_reader reader{"n1", path};
  CHECK(reader.read().empty());
  append(path, "a\nb\nc\nhal");
  CHECK(texts(reader.read(2)) == words{"b", "c"});
  CHECK(reader.read().empty());
  append(path, "f\n\n");
  const auto news = reader.read();
  CHECK(texts(news) == words{"half", ""});
  CHECK(news.front().node == "n1");
}

TEST_CASE("what a rotated log got after the last look is read before the new "
          "one") {
  const launcher::temp_dir dir;
  const auto path = dir / "n1.log";
  append(path, "a\n");
  log_reader reader{"n1", path};
  CHECK(texts(reader.read()) == words{"a"});
  append(path, "b\nc\n");
  rotate(path);
  append(path, "d\n");
  CHECK(texts(reader.read()) == words{"b", "c", "d"});
  append(path, "e\n");
  rotate(path);
  SUBCASE("before there is a new one") {
    CHECK(texts(reader.read()) == words{"e"});
    append(path, "f\n");
    CHECK(texts(reader.read()) == words{"f"});
  }
  SUBCASE("of what is read anyway only the last lines are kept") {
    append(path, "f\ng\n");
    CHECK(texts(reader.read(2)) == words{"f", "g"});
    CHECK(reader.read().empty());
  }
}

TEST_CASE("a log that was emptied is read from its beginning") {
  const launcher::temp_dir dir;
  const auto path = dir / "n1.log";
  append(path, "long line\n");
  log_reader reader{"n1", path};
  CHECK(reader.read().size() == 1);
  std::ofstream{path} << "new\n";
  CHECK(texts(reader.read()) == words{"new"});
}

TEST_CASE("logs that are followed show what was written just before the end") {
  const launcher::temp_dir dir;
  std::vector<log_reader> readers;
  for (const auto* node : {"n1", "n2"})
    readers.emplace_back(node, dir / node);
  words shown;
  int looks = 0;
  follow_logs(
      readers,
      [&] {
        append(dir / "n1", "2026-11-21T10:00:00.200Z end\n");
        append(dir / "n2", "2026-11-21T10:00:00.100Z before it\n");
        return ++looks < 2;
      },
      [&](const auto& lines) {
        for (const auto& line : lines)
          shown.push_back(line.node);
      });
  CHECK(shown == words{"n2", "n1", "n2", "n1"});
}

} // namespace weft::apps
