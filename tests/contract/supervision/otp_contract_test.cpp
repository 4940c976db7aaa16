#include "tests/contract/supervision/crash_script.hpp"
#include "tests/contract/supervision/weft_player.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

/// weft's supervisor against Erlang/OTP's own, on random crash scripts: order
/// of starts and ends, answers to commands, children and how the supervisor
/// ended must be the same after every step.
///
/// WEFT_OTP_SCRIPTS: how many scripts, default 1000. WEFT_OTP_SEED: the first
/// script's seed, default 1; script i has seed + i.
namespace weft::supervision::contract {

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::vector<crash_script> scripts(std::uint64_t first, std::uint64_t count) {
  std::vector<crash_script> result;
  for (std::uint64_t i = 0; i < count; ++i)
    result.push_back(script_generator{first + i}.make());
  return result;
}

std::string erlang(const shutdown_policy& policy) {
  switch (policy.kind) {
  case shutdown_policy::how::brutal:
    return "brutal_kill";
  case shutdown_policy::how::infinite:
    return "infinity";
  default:
    return std::to_string(policy.timeout / std::chrono::milliseconds{1});
  }
}

std::string erlang(const scripted_child& child) {
  return fmt::format(
      "#{{id=>{},restart=>{},shutdown=>{},significant=>{},stubborn=>{},"
      "initial=>{},fails=>{}}}",
      child.id, to_string(child.restart), erlang(child.shutdown),
      child.significant, child.stubborn, child.initial, child.fails);
}

std::string erlang(const step& what) {
  auto words = to_words(what);
  std::replace(words.begin(), words.end(), ' ', ',');
  return "{" + words + "}";
}

template <class T>
std::string erlang(const std::vector<T>& list) {
  std::vector<std::string> parts;
  for (const auto& one : list)
    parts.push_back(erlang(one));
  return fmt::format("[{}]", fmt::join(parts, ",\n  "));
}

/// A file that is gone when the test is over.
class scratch_file {
public:
  explicit scratch_file(const std::string& name)
      : path_{std::filesystem::temp_directory_path()
              / fmt::format("weft-otp-{}-{}", ::getpid(), name)} {}
  ~scratch_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

/// The traces of Erlang/OTP's supervisor, in the order of the scripts.
std::vector<trace> consult_oracle(const std::vector<crash_script>& all) {
  if (std::system("command -v escript >/dev/null 2>&1") != 0)
    throw std::runtime_error("escript was not found: install Erlang/OTP 25, "
                             "on Debian: apt install erlang-base");
  const char* root = std::getenv("WEFT_SOURCE_DIR");
  if (!root)
    throw std::runtime_error("WEFT_SOURCE_DIR is not set: run it by ctest");
  const scratch_file input{"scripts"}, output{"traces"};
  std::ofstream terms{input.path()};
  for (const auto& one : all)
    terms << to_erlang(one) << ".\n";
  terms.close();
  const auto command = fmt::format(
      "escript '{}/tests/contract/supervision/otp_oracle.escript' '{}' >'{}'",
      root, input.path(), output.path());
  if (const int status = std::system(command.c_str()); status != 0)
    throw std::runtime_error(
        fmt::format("the oracle failed with status {}", status));
  std::vector<trace> result;
  std::ifstream lines{output.path()};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("script "))
      result.emplace_back();
    result.back().push_back(line);
  }
  return result;
}

/// OTP does not say in which order the children of a simple_one_for_one end
/// together: their lines are compared as a set.
trace comparable(const crash_script& script, trace lines) {
  if (!script.simple())
    return lines;
  const auto is_end = [](const std::string& line) {
    return line.starts_with("ended i");
  };
  for (auto from = lines.begin(); from != lines.end();) {
    const auto to = std::find_if_not(from, lines.end(), is_end);
    std::sort(from, to);
    from = to == lines.end() ? to : to + 1;
  }
  return lines;
}

struct difference {
  crash_script script;
  trace expected;
  trace got;
};

std::string describe(const difference& what) {
  std::size_t same = 0;
  while (same < what.expected.size() && same < what.got.size()
         && what.expected[same] == what.got[same])
    ++same;
  std::string text = fmt::format(
      "{}\n\nthe same up to:\n  {}\n", to_erlang(what.script),
      fmt::join(what.expected.begin(),
                what.expected.begin() + static_cast<long>(same), "\n  "));
  const auto rest = [&](const trace& lines) {
    return fmt::join(lines.begin() + static_cast<long>(same), lines.end(),
                     "\n  ");
  };
  text += fmt::format("then Erlang/OTP:\n  {}\nand weft:\n  {}\n",
                      rest(what.expected), rest(what.got));
  text += fmt::format("Replay: WEFT_OTP_SEED={} WEFT_OTP_SCRIPTS=1 ctest "
                      "-R contract.supervision -V\n",
                      what.script.seed);
  return text;
}

using translation = std::function<void(crash_script&)>;

/// Plays the scripts, each after `mistake`, and compares with the oracle's
/// traces.
std::vector<difference> compare(const std::vector<crash_script>& all,
                                const std::vector<trace>& oracle,
                                const translation& mistake = {}) {
  std::vector<difference> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto played = all[i];
    if (mistake)
      mistake(played);
    auto expected = comparable(all[i], oracle[i]);
    auto got = comparable(all[i], play(played));
    if (expected != got)
      result.push_back({all[i], std::move(expected), std::move(got)});
  }
  return result;
}

} // namespace

std::string to_erlang(const crash_script& script) {
  return fmt::format("{{script,{},#{{strategy=>{},intensity=>{},period=>{},"
                     "auto_shutdown=>{}}},\n {},\n {}}}",
                     script.seed, to_string(script.strategy), script.intensity,
                     script_period.count(), to_string(script.auto_shutdown),
                     erlang(script.children), erlang(script.steps));
}

TEST_CASE("on random crash scripts the supervisor does what OTP's does") {
  const auto all = scripts(from_environment("WEFT_OTP_SEED", 1),
                           from_environment("WEFT_OTP_SCRIPTS", 1000));
  const auto oracle = consult_oracle(all);
  REQUIRE(oracle.size() == all.size());
  const auto differences = compare(all, oracle);
  if (!differences.empty())
    std::cout << describe(differences.front());
  std::cout << fmt::format("{} scripts from seed {}: {} differ\n", all.size(),
                           all.front().seed, differences.size());
  CHECK(differences.empty());
}

TEST_CASE("a supervisor with other rules is told apart from OTP's") {
  const auto all = scripts(1, 150);
  const auto oracle = consult_oracle(all);
  REQUIRE(oracle.size() == all.size());
  struct wrong_rule {
    const char* name;
    translation mistake;
  };
  const std::vector<wrong_rule> table = {
      {"transient children are restarted after shutdown",
       [](crash_script& script) {
         for (auto& child : script.children)
           if (child.restart == restart_kind::transient && !child.significant)
             child.restart = restart_kind::permanent;
       }},
      {"rest_for_one restarts all",
       [](crash_script& script) {
         if (script.strategy == strategy::rest_for_one)
           script.strategy = strategy::one_for_all;
       }},
      {"one restart too many is borne",
       [](crash_script& script) { ++script.intensity; }},
      {"the first significant end is one of many",
       [](crash_script& script) {
         if (script.auto_shutdown == auto_shutdown::any_significant)
           script.auto_shutdown = auto_shutdown::all_significant;
       }},
      {"brutal kills are polite",
       [](crash_script& script) {
         for (auto& child : script.children)
           if (child.shutdown == shutdown_policy::brutal_kill())
             child.shutdown =
                 shutdown_policy::within(std::chrono::milliseconds{1});
       }},
  };
  for (const auto& rule : table) {
    CAPTURE(rule.name);
    CHECK_FALSE(compare(all, oracle, rule.mistake).empty());
  }
}

TEST_CASE("two stops in the wrong order are a difference") {
  const auto all = scripts(1, 50);
  auto oracle = consult_oracle(all);
  REQUIRE(oracle.size() == all.size());
  std::size_t swapped = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].simple())
      continue;
    const auto pair = std::adjacent_find(
        oracle[i].begin(), oracle[i].end(),
        [](const std::string& one, const std::string& next) {
          return one.starts_with("ended ") && next.starts_with("ended ")
                 && std::count(next.begin(), next.end(), ' ') == 2;
        });
    if (pair == oracle[i].end())
      continue;
    std::iter_swap(pair, pair + 1);
    ++swapped;
  }
  CHECK(swapped > 5);
  CHECK(compare(all, oracle).size() == swapped);
}

} // namespace weft::supervision::contract
