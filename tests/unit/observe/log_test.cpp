#include "runtime/observe/log.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <stdlib.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace weft::observe {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto deadline = 20s;

/// A folder that goes with the test.
struct temporary_folder {
  temporary_folder() {
    std::string pattern = fs::temp_directory_path() / "weft_log_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()));
    path = pattern;
  }
  ~temporary_folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in{file};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

/// Without its time, which is different each time.
std::string untimed(const std::string& line) {
  return line.size() > 25 ? line.substr(25) : line;
}

log_settings file_settings(const fs::path& file) {
  log_settings settings;
  settings.node = "n1";
  settings.outputs.console = false;
  settings.outputs.file = file;
  return settings;
}

} // namespace

TEST_CASE("lines reach the file in order, with node and component") {
  const temporary_folder folder;
  const auto file = folder.path / "n1.log";
  log_hub hub;
  REQUIRE(hub.configure(file_settings(file)));
  const auto log = hub.get("transport");
  log.info("listening", {{"port", 7001}});
  log.debug("not shown");
  log.warning("lost peer", {{"peer", "n2"}, {"reason", "time\nout"}});
  REQUIRE(hub.flush(deadline));
  const auto lines = lines_of(file);
  REQUIRE(lines.size() == 2);
  CHECK(untimed(lines[0]) == "n1 info transport: listening port=7001");
  CHECK(untimed(lines[1])
        == "n1 warning transport: lost peer peer=n2 reason=\"time\\nout\"");
  CHECK(hub.statistics().written == 2);
  CHECK(hub.statistics().dropped == 0);
}

TEST_CASE("levels go by component, by its nearest parent, then by default") {
  const temporary_folder folder;
  log_hub hub;
  auto settings = file_settings(folder.path / "n1.log");
  const auto before = hub.get("transport.tls");
  CHECK_FALSE(before.is_enabled(log_level::debug));
  settings.level = log_level::warning;
  settings.components = {{"transport", log_level::trace},
                         {"transport.udp", log_level::error},
                         {"actors", log_level::off}};
  REQUIRE(hub.configure(settings));
  CHECK(before.is_enabled(log_level::trace));
  CHECK_FALSE(hub.get("transport.udp").is_enabled(log_level::warning));
  CHECK(hub.get("transport.udp").is_enabled(log_level::error));
  CHECK(hub.get("transports").is_enabled(log_level::warning));
  CHECK_FALSE(hub.get("transports").is_enabled(log_level::info));
  CHECK_FALSE(hub.get("actors").is_enabled(log_level::error));
  CHECK_FALSE(hub.get("actors").is_enabled(log_level::off));
}

TEST_CASE("json lines of many threads parse back, none torn or lost") {
  const temporary_folder folder;
  const auto file = folder.path / "n1.log";
  auto settings = file_settings(file);
  settings.format = log_format::json;
  log_hub hub;
  REQUIRE(hub.configure(settings));
  constexpr int threads = 4;
  constexpr int each = 500;
  {
    std::vector<std::jthread> writers;
    for (int t = 0; t < threads; ++t)
      writers.emplace_back([log = hub.get("worker"), t] {
        for (int i = 0; i < each; ++i)
          log.info("step", {{"thread", t}, {"i", i}, {"text", "a\nb\"c"}});
      });
  }
  REQUIRE(hub.flush(deadline));
  std::set<std::pair<int, int>> seen;
  for (const auto& line : lines_of(file)) {
    const auto parsed = nlohmann::json::parse(line);
    REQUIRE(parsed["node"] == "n1");
    REQUIRE(parsed["text"] == "a\nb\"c");
    seen.emplace(parsed["thread"].get<int>(), parsed["i"].get<int>());
  }
  CHECK(seen.size() == threads * each);
}

TEST_CASE("a file is renamed before it grows over its size, old ones go") {
  const temporary_folder folder;
  auto settings = file_settings(folder.path / "n1.log");
  settings.outputs.file_bytes_max = 2'000;
  settings.outputs.files_kept = 2;
  log_hub hub;
  REQUIRE(hub.configure(settings));
  const auto log = hub.get("main");
  for (int i = 0; i < 200; ++i)
    log.info("a line of some length", {{"i", i}});
  REQUIRE(hub.flush(deadline));
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator{folder.path}) {
    names.insert(entry.path().filename());
    CHECK(entry.file_size() <= 2'000);
  }
  CHECK(names == std::set<std::string>{"n1.log", "n1.1.log", "n1.2.log"});
  CHECK(lines_of(folder.path / "n1.log").back().ends_with("i=199"));
}

TEST_CASE("outputs that cannot be opened are refused, the old ones stay") {
  const temporary_folder folder;
  const auto file = folder.path / "n1.log";
  log_hub hub;
  REQUIRE(hub.configure(file_settings(file)));
  const auto missing =
      hub.configure(file_settings(folder.path / "none" / "n1.log"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == errc::io);
  CHECK(missing.error().message.find("make it first") != std::string::npos);
  CHECK_FALSE(hub.configure(file_settings(folder.path)));
  auto no_size = file_settings(file);
  no_size.outputs.file_bytes_max = 0;
  REQUIRE_FALSE(hub.configure(no_size));
  hub.get("main").info("still here");
  REQUIRE(hub.flush(deadline));
  CHECK(lines_of(file).size() == 1);
}

TEST_CASE("a logger outlives its hub and then writes nothing") {
  const temporary_folder folder;
  const auto file = folder.path / "n1.log";
  auto hub = std::make_unique<log_hub>();
  REQUIRE(hub->configure(file_settings(file)));
  const auto log = hub->get("main");
  log.info("before");
  hub.reset();
  log.info("after");
  const auto lines = lines_of(file);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with("before"));
}

TEST_CASE("components beyond the limit share one name") {
  const temporary_folder folder;
  const auto file = folder.path / "n1.log";
  log_hub hub;
  REQUIRE(hub.configure(file_settings(file)));
  for (std::size_t i = 0; i < log_hub::components_max; ++i)
    static_cast<void>(hub.get("component" + std::to_string(i)));
  hub.get("one_more").info("hello");
  hub.get("component7").info("hello");
  REQUIRE(hub.flush(deadline));
  const auto lines = lines_of(file);
  REQUIRE(lines.size() == 2);
  CHECK(untimed(lines[0]) == "n1 info other: hello");
  CHECK(untimed(lines[1]) == "n1 info component7: hello");
}

TEST_CASE("a file is flushed at a warning and else within about a second") {
  const temporary_folder folder;
  const auto file = folder.path / "n1.log";
  log_hub hub;
  REQUIRE(hub.configure(file_settings(file)));
  const auto log = hub.get("main");
  const auto wait_for_lines = [&](std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (lines_of(file).size() < count
           && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return lines_of(file).size();
  };
  log.warning("urgent");
  CHECK(wait_for_lines(1) == 1);
  // The first of these falls into the second after the last flush.
  log.info("one");
  log.info("two");
  CHECK(wait_for_lines(3) == 3);
}

TEST_CASE("a stalled output makes no logger wait, and the loss is reported") {
  const temporary_folder folder;
  const auto pipe_path = folder.path / "pipe.log";
  REQUIRE(mkfifo(pipe_path.c_str(), 0600) == 0);
  // Open for both, so that the writer's open does not wait for a reader.
  const int reader = ::open(pipe_path.c_str(), O_RDWR);
  REQUIRE(reader >= 0);
  log_writer writer{
      [](std::uint64_t count) { return "dropped " + std::to_string(count); }};
  log_outputs outputs;
  outputs.console = false;
  outputs.file = pipe_path;
  outputs.file_bytes_max = std::size_t{1} << 40;
  REQUIRE(writer.open(outputs));
  const std::string line(8 * 1024, 'x');
  std::uint64_t tried = 0;
  while (writer.statistics().dropped == 0 && tried < 100'000) {
    writer.write(line, true);
    ++tried;
  }
  CHECK(writer.statistics().dropped >= 1);
  CHECK(tried * line.size() > log_writer::queue_bytes_max);
  CHECK_FALSE(writer.flush(1ms));
  // Reading lets everything queued out, and the report behind it.
  auto all = std::async(std::launch::async, [&] {
    std::string tail;
    std::vector<char> buffer(64 * 1024);
    while (tail.find("dropped ") == std::string::npos) {
      const auto got = ::read(reader, buffer.data(), buffer.size());
      if (got <= 0)
        break;
      // The end of the last piece, should the report be cut by it.
      tail.erase(0, tail.size() > 16 ? tail.size() - 16 : 0);
      tail.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return tail;
  });
  REQUIRE(all.wait_for(deadline) == std::future_status::ready);
  CHECK(all.get().find("dropped ") != std::string::npos);
  CHECK(writer.flush(deadline));
  ::close(reader);
}

TEST_CASE("the process has one log") {
  CHECK(&process_log() == &process_log());
  CHECK(get_logger("main").is_enabled(log_level::info));
}

} // namespace weft::observe
