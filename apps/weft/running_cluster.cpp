#include "apps/weft/running_cluster.hpp"

#include "runtime/base/text.hpp"
#include "runtime/http/client.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace weft::apps {

namespace {

std::vector<launcher::run_info> known_runs() {
  return launcher::list_runs(
      launcher::runs_root(launcher::current_environment()));
}

/// When a cluster ended, or of one that is lost when it started.
const std::string& last_sign(const launcher::run_info& run) {
  return run.end && !run.end->at.empty() ? run.end->at : run.started;
}

/// `text` as one word of a shell.
std::string shell_word(const std::string& text) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c))
           || std::string_view{"/._-+:@%,="}.find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, plain))
    return text;
  std::string quoted = "'";
  for (const char c : text)
    quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return quoted + "'";
}

std::string end_reason(const launcher::run_end& end) {
  switch (end.kind) {
  case launcher::run_end_kind::stopped:
    return fmt::format("it was stopped at {}", end.at);
  case launcher::run_end_kind::interrupted:
    return fmt::format("it was interrupted at {}", end.at);
  case launcher::run_end_kind::failed:
    return fmt::format("it ended at {}: {}", end.at, end.reason);
  case launcher::run_end_kind::lost:
    break;
  }
  return "its launcher ended without a word; it may have been killed";
}

result<launcher::run_info> run_of_file(const std::string& file) {
  std::error_code code;
  const auto absolute = std::filesystem::weakly_canonical(file, code).string();
  auto runs = known_runs();
  const auto found =
      std::find_if(runs.begin(), runs.end(),
                   [&](const auto& run) { return run.file == absolute; });
  if (found == runs.end())
    return fail(errc::unavailable,
                fmt::format("no cluster of {} runs; start it with: weft up {}",
                            file, shell_word(file)));
  return *found;
}

result<launcher::run_info> only_run() {
  auto runs = known_runs();
  const auto ended = std::partition(runs.begin(), runs.end(),
                                    [](const auto& run) { return run.alive; });
  if (ended == runs.begin() && ended != runs.end())
    return *std::ranges::max_element(runs, {}, last_sign);
  runs.erase(ended, runs.end());
  if (runs.empty())
    return fail(errc::unavailable,
                "no cluster runs on this machine; start one with: weft up "
                "FILE");
  if (runs.size() == 1)
    return runs.front();
  std::vector<std::string> files;
  for (const auto& run : runs)
    files.push_back(run.file);
  return fail(errc::invalid_argument,
              fmt::format("{} clusters run on this machine; name the file of "
                          "one: {}",
                          runs.size(), fmt::join(files, ", ")));
}

result<std::string> chosen_node(const launcher::run_info& run,
                                const std::string& node) {
  if (node.empty() && !run.nodes.empty())
    return run.nodes.front();
  if (std::find(run.nodes.begin(), run.nodes.end(), node) != run.nodes.end())
    return node;
  const auto nearest = nearest_spelling(node, run.nodes);
  return fail(errc::not_found,
              fmt::format("cluster {} has no node \"{}\" on this machine{}",
                          run.cluster, node,
                          nearest ? "; did you mean " + *nearest + "?" : ""));
}

} // namespace

std::shared_ptr<cluster_choice> add_cluster_choice(CLI::App& command,
                                                   bool with_node) {
  auto choice = std::make_shared<cluster_choice>();
  command.add_option("FILE", choice->file,
                     "The running cluster's YAML file; not needed when only "
                     "one runs");
  command.add_option("--run-dir", choice->run_directory,
                     "The running cluster's run directory");
  if (with_node)
    command.add_option("--node", choice->node,
                       "Ask this node instead of the first");
  return choice;
}

std::string choosing_arguments(const std::string& file,
                               const std::string& run_directory) {
  return run_directory.empty() ? shell_word(file)
                               : "--run-dir " + shell_word(run_directory);
}

std::string end_text(const launcher::run_info& run) {
  const bool chosen =
      run.path
      != launcher::default_run_path(launcher::current_environment(),
                                    run.cluster, run.file);
  const auto which = choosing_arguments(run.file, chosen ? run.path : "");
  const auto file = shell_word(run.file);
  return fmt::format(
      "cluster {} does not run: {}\nits logs: weft logs {}\nstart it with: "
      "weft up {}",
      run.cluster, end_reason(run.end.value_or(launcher::run_end{})), which,
      chosen ? fmt::format("{} {}", file, which) : file);
}

result<launcher::run_info> find_run(const cluster_choice& choice) {
  if (!choice.run_directory.empty())
    return launcher::inspect_run(choice.run_directory);
  if (!choice.file.empty())
    return run_of_file(choice.file);
  return only_run();
}

result<launcher::run_info> find_running(const cluster_choice& choice) {
  auto run = find_run(choice);
  if (run && !run->alive)
    return fail(errc::unavailable, end_text(*run));
  return run;
}

result<nlohmann::json> ask_node(const launcher::run_info& run,
                                const std::string& node,
                                const http::request& what,
                                std::chrono::milliseconds timeout) {
  const auto name = chosen_node(run, node);
  if (!name)
    return tl::unexpected(name.error());
  http::address where;
  where.unix_path = launcher::run_paths{run.path}.node_socket(*name);
  auto answer = http::call(where, what, timeout);
  if (!answer)
    return fail(answer.error().code,
                fmt::format("node {} does not answer: {}; see: weft logs "
                            "--node {}",
                            *name, answer.error().message, *name));
  if (answer->status >= 400)
    return tl::unexpected(http::failure_of(*answer));
  auto parsed = nlohmann::json::parse(answer->body, nullptr, false);
  if (parsed.is_discarded())
    return fail(
        errc::internal,
        fmt::format("node {} answered something that is no JSON", *name));
  return parsed;
}

result<nlohmann::json> ask_cluster(const cluster_choice& choice,
                                   const http::request& what,
                                   std::chrono::milliseconds timeout) {
  auto run = find_running(choice);
  if (!run)
    return pass_on(run);
  return ask_node(*run, choice.node, what, timeout);
}

} // namespace weft::apps
