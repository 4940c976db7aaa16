#include "runtime/launcher/log_relay.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "tests/unit/launcher/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/stat.h>

namespace weft::launcher {

namespace {

using lines = std::vector<std::string>;

lines split_lines(std::size_t line_bytes_max, const lines& pieces) {
  lines got;
  const auto take = [&](std::string_view line) { got.emplace_back(line); };
  line_splitter splitter{line_bytes_max};
  for (const auto& piece : pieces)
    splitter.feed(piece, take);
  splitter.finish(take);
  return got;
}

std::string content(const std::string& path) {
  return read_small_file(path).value_or("(cannot read)");
}

} // namespace

TEST_CASE("lines come out whole whatever pieces they come in") {
  const lines expected{"one", "", "two", "three"};
  CHECK(split_lines(80, {"one\n\ntwo\nthree"}) == expected);
  CHECK(split_lines(80, {"o", "ne\n", "\n", "two", "\n", "thr", "ee\n"})
        == expected);
  CHECK(split_lines(80, {"one\r\n\r", "\ntwo\r\nthree"}) == expected);
  CHECK(split_lines(80, {}).empty());
}

TEST_CASE("a line over the limit comes in parts and loses nothing") {
  CHECK(split_lines(4, {"abcdefghij\nk"}) == lines{"abcd", "efgh", "ij", "k"});
  CHECK(split_lines(4, {"abc", "defg"}) == lines{"abcd", "efg"});
}

TEST_CASE("a line of just the limit is one line") {
  CHECK(split_lines(4, {"abcd\nef\n"}) == lines{"abcd", "ef"});
  CHECK(split_lines(4, {"abcd", "\nef\n"}) == lines{"abcd", "ef"});
  CHECK(split_lines(4, {"abcd"}) == lines{"abcd"});
}

TEST_CASE("a log file takes lines, is private and goes on after a restart") {
  const temp_dir dir;
  for (const auto* text : {"one", "two"}) {
    auto file = rotating_file::open(dir / "n1.log", 1000);
    REQUIRE(file);
    REQUIRE(file->write_line(text));
  }
  CHECK(content(dir / "n1.log") == "one\ntwo\n");
  struct stat about {};
  REQUIRE(::stat((dir / "n1.log").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a log file that would exceed its size is moved aside first") {
  const temp_dir dir;
  auto file = rotating_file::open(dir / "n1.log", 8);
  REQUIRE(file);
  for (const auto* text : {"aaa", "bbb", "ccc", "ddd", "eee"})
    REQUIRE(file->write_line(text));
  CHECK(content(dir / "n1.log") == "eee\n");
  CHECK(content(dir / "n1.log.1") == "ccc\nddd\n");
  REQUIRE(file->write_line("longer than the limit"));
  CHECK(content(dir / "n1.log") == "longer than the limit\n");
}

TEST_CASE("a log file in a place that is missing is a clear failure") {
  const auto file = rotating_file::open("/nowhere/n1.log", 8);
  REQUIRE_FALSE(file);
  CHECK(file.error().code == errc::io);
  CHECK(file.error().message.find("/nowhere/n1.log") != std::string::npos);
}

TEST_CASE("a relay writes plain lines to the file and prefixed ones to the "
          "terminal") {
  const temp_dir dir;
  lines printed;
  log_relay_options options;
  options.path = dir / "n2.log";
  options.prefix = line_prefix("n2", 1, 4, false);
  options.print = [&](std::string line) { printed.push_back(line); };
  auto relay = log_relay::open(options);
  REQUIRE(relay);
  relay->output("hello\nwor");
  CHECK(printed == lines{"n2   | hello"});
  relay->output("ld");
  relay->process_ended();
  CHECK(printed == lines{"n2   | hello", "n2   | world"});
  CHECK(content(options.path) == "hello\nworld\n");
}

TEST_CASE("a relay keeps the last lines alone, over the end of a process") {
  const temp_dir dir;
  log_relay_options options;
  options.path = dir / "n2.log";
  options.tail_lines_max = 3;
  auto relay = log_relay::open(options);
  REQUIRE(relay);
  for (int i = 0; i < 10; ++i)
    relay->output(fmt::format("line {}\n", i));
  relay->output("last words");
  relay->process_ended();
  CHECK(relay->tail() == lines{"line 8", "line 9", "last words"});
}

TEST_CASE("a relay whose file fails says so once and goes on printing") {
  const temp_dir dir;
  int printed = 0;
  lines trouble;
  log_relay_options options;
  options.path = dir / "logs";
  options.file_bytes_max = 4;
  options.print = [&](std::string) { ++printed; };
  options.troubled = [&](const failure& what) {
    trouble.push_back(what.message);
  };
  auto relay = log_relay::open(options);
  REQUIRE(relay);
  // Rotation needs the name below, which a directory with content takes.
  std::filesystem::create_directories(dir / "logs.1/taken");
  for (int i = 0; i < 5; ++i)
    relay->output("abc\n");
  CHECK(printed == 5);
  REQUIRE(trouble.size() == 1);
  CHECK(trouble[0].find("logs") != std::string::npos);
}

TEST_CASE("colour is for terminals whose user did not say NO_COLOR") {
  CHECK(use_colour(nullptr, true));
  CHECK(use_colour("", true));
  CHECK_FALSE(use_colour("1", true));
  CHECK_FALSE(use_colour(nullptr, false));
  CHECK(line_prefix("n2", 0, 4, true) == "\x1b[36mn2   |\x1b[0m ");
}

} // namespace weft::launcher
