#include "apps/bench/children.hpp"
#include "apps/bench/compare.hpp"
#include "apps/bench/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace weft::bench {

using namespace std::chrono_literals;

namespace {

launcher::command shell(std::string script) {
  return {"/bin/sh", {"-c", std::move(script)}, {{"GREETING", "hello"}}};
}

/// Generous: a machine under load must not fail a test.
constexpr auto patience = 30s;

/// False for one that is killed and not yet collected by init, too.
bool alive(int process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
  std::string pid, name, state = "gone";
  file >> pid >> name >> state;
  return state != "gone" && state != "Z" && state != "X";
}

} // namespace

TEST_CASE("what a process prints comes back when it ends well") {
  children running;
  const auto output =
      running.run("a greeter", shell("echo $GREETING"), patience);
  REQUIRE_MESSAGE(output, output.error().message);
  CHECK(*output == "hello\n");
}

TEST_CASE("a process that fails is named, with its end and its words") {
  children running;
  const auto output =
      running.run("a failing one", shell("echo no fuel >&2; exit 3"), patience);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == errc::internal);
  CHECK(output.error().message
        == "a failing one ended with exit code 3 and said: no fuel");
}

TEST_CASE("a program that does not exist is an error, not a hang") {
  children running;
  const auto output =
      running.run("nobody", {"/no/such/program", {}, {}}, patience);
  REQUIRE_FALSE(output);
  CHECK(output.error().code == errc::io);
}

TEST_CASE("a process that takes too long is killed with its children") {
  children running;
  std::unique_ptr<child> parent;
  auto started = running.start("a parent", shell("sleep 1000 & echo $!; wait"));
  REQUIRE(started);
  const auto& said = (*started)->output();
  REQUIRE(running.wait(**started, patience,
                       [&] { return said.find('\n') != said.npos; }));
  const auto grandchild = std::stoi(said);
  const auto waited = running.wait(**started, 20ms, [] { return false; });
  REQUIRE_FALSE(waited);
  CHECK(waited.error().code == errc::timed_out);
  CHECK(waited.error().message.find("a parent was not done within 20ms")
        != std::string::npos);
  started->reset();
  // The kernel ends a killed process when it is next scheduled.
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (alive(grandchild) && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  CHECK_FALSE(alive(grandchild));
}

TEST_CASE("an interrupt ends the waiting") {
  children running;
  auto started = running.start("a sleeper", shell("sleep 1000"));
  REQUIRE(started);
  std::raise(SIGINT);
  const auto waited = running.wait(**started, patience, [] { return false; });
  REQUIRE_FALSE(waited);
  CHECK(waited.error().code == errc::cancelled);
  CHECK(waited.error().message.find("SIGINT") != std::string::npos);
  // And whatever would come after it.
  CHECK(running.run("another", shell("sleep 1000"), patience).error().code
        == errc::cancelled);
}

TEST_CASE("a temporary folder goes with all that it holds") {
  std::string path;
  {
    auto folder = temporary_folder::make();
    REQUIRE(folder);
    path = folder->path();
    const auto file = folder->write("greeting", "hello");
    REQUIRE(file);
    CHECK(std::filesystem::file_size(*file) == 5);
    std::filesystem::create_directory(path + "/below");
    CHECK_FALSE(folder->write("no/such/folder", "x"));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("wrong options are refused before anything starts") {
  compare_options options;
  options.runs = 0;
  CHECK(compare(actors_subject(), options).error().message
        == "--runs: expected 1 to 1000, got 0");
  options.runs = 1;
  options.only = {"ping_pog"};
  const auto report = compare(actors_subject(), options);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == errc::invalid_argument);
  CHECK(report.error().message.find("did you mean ping_pong?")
        != std::string::npos);
  options.only = {"ping_pong"};
  CHECK(compare(heat_subject(), options).error().code
        == errc::invalid_argument);
}

} // namespace weft::bench
