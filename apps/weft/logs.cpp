#include "apps/weft/command.hpp"
#include "apps/weft/log_reader.hpp"
#include "apps/weft/running_cluster.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

namespace weft::apps {

namespace {

using namespace std::chrono_literals;

/// What stands before the lines of the launcher's own log.
constexpr const char* launcher_name = "launcher";

struct log_choice {
  std::size_t lines = 50;
  bool follow = false;
  bool json = false;
};

bool has_logs(const launcher::run_info& run) {
  const launcher::run_paths paths{run.path};
  return std::ranges::any_of(run.nodes, [&](const auto& node) {
    return std::filesystem::exists(paths.node_log(node));
  });
}

std::vector<log_reader> readers_of(const launcher::run_info& run,
                                   const std::string& only) {
  const launcher::run_paths paths{run.path};
  std::vector<log_reader> readers;
  for (const auto& node : run.nodes)
    if (only.empty() || node == only)
      readers.emplace_back(node, paths.node_log(node));
  if (only.empty())
    readers.emplace_back(launcher_name, paths.launcher_log());
  return readers;
}

nlohmann::json to_json(const log_line& line) {
  return {{"node", line.node}, {"text", line.text}};
}

void print_lines(const std::vector<log_line>& lines, std::size_t width,
                 bool json) {
  for (const auto& line : lines)
    if (json)
      print_json(to_json(line));
    else
      fmt::print("{:<{}} | {}\n", line.node, width, line.text);
  std::fflush(stdout);
}

void print_as_one(const std::vector<log_line>& lines) {
  auto list = nlohmann::json::array();
  for (const auto& line : lines)
    list.push_back(to_json(line));
  print_json({{"ok", true}, {"lines", std::move(list)}});
}

/// Waits a moment before it looks.
std::function<bool()> still_running(const cluster_choice& choice) {
  return [&choice] {
    std::this_thread::sleep_for(200ms);
    return find_running(choice).has_value();
  };
}

int show_logs(const cluster_choice& choice, const log_choice& how) {
  const auto run = find_run(choice);
  if (!run)
    return report(run.error(), how.json);
  if (!run->launched && !has_logs(*run))
    return report({errc::not_found,
                   fmt::format("the nodes in {} run without a launcher and log "
                               "to their own output; under systemd see: "
                               "journalctl -u 'weft-*'",
                               run->path)},
                  how.json);
  auto readers = readers_of(*run, choice.node);
  if (readers.empty())
    return report({errc::not_found, fmt::format("cluster {} has no node \"{}\"",
                                                run->cluster, choice.node)},
                  how.json);
  std::size_t width = choice.node.empty() ? std::strlen(launcher_name) : 0;
  for (const auto& node : run->nodes)
    width = std::max(width, node.size());
  const auto present = read_news(readers, how.lines);
  if (how.json && !how.follow)
    print_as_one(present);
  else
    print_lines(present, width, how.json);
  if (how.follow)
    follow_logs(readers, still_running(choice), [&](const auto& lines) {
      print_lines(lines, width, how.json);
    });
  return success;
}

} // namespace

void add_logs(CLI::App& app, int& exit) {
  auto* command =
      app.add_subcommand("logs", "Show the logs of the nodes and the launcher, "
                                 "merged by time");
  auto choice = add_cluster_choice(*command);
  command->get_option("--node")->description("Only the logs of this node");
  auto how = std::make_shared<log_choice>();
  command
      ->add_option("-n,--lines", how->lines,
                   "How many of the last lines of each node")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str();
  command->add_flag("-f,--follow", how->follow,
                    "Go on until the cluster ends or Ctrl-C");
  command->add_flag("--json", how->json,
                    "One JSON object; with --follow one a line");
  command->footer("Example: weft logs --node n2 -f");
  run_when_chosen(*command, exit,
                  [choice, how] { return show_logs(*choice, *how); });
}

} // namespace weft::apps
