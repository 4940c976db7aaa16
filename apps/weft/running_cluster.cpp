#include "apps/weft/running_cluster.hpp"

#include "runtime/base/text.hpp"
#include "runtime/http/client.hpp"
#include "runtime/launcher/listening_nodes.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace weft::apps {

namespace {

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

bool has_default_path(const launcher::run_info& run) {
  return run.launched
         && run.path
                == launcher::default_run_path(launcher::current_environment(),
                                              run.cluster, run.file);
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

bool is_lost(const launcher::run_info& run) {
  return run.end && run.end->kind == launcher::run_end_kind::lost;
}

/// What runs in a directory with a launcher or without one, or else ran there.
result<launcher::run_info> run_in(const std::string& path) {
  auto run = launcher::inspect_run(path);
  // What a lost launcher has left ends by itself.
  if (run && (run->alive || is_lost(*run)))
    return run;
  auto nodes = launcher::listening_nodes(path);
  if (!nodes)
    return fail(errc::unavailable,
                fmt::format("{}; ask as the user that its nodes run as",
                            nodes.error().message));
  if (!nodes->empty()) {
    launcher::run_info alone;
    alone.path = path;
    alone.nodes = *std::move(nodes);
    alone.alive = true;
    alone.launched = false;
    return alone;
  }
  if (run)
    return run;
  return fail(errc::unavailable,
              fmt::format("{}, and no node answers there; start it with: weft "
                          "up FILE --run-dir {}",
                          run.error().message, shell_word(path)));
}

/// All below the folder of this user's runs.
std::vector<launcher::run_info> known_runs() {
  std::vector<launcher::run_info> runs;
  for (const auto& path : launcher::run_directories(
           launcher::runs_root(launcher::current_environment())))
    if (auto run = run_in(path))
      runs.push_back(*std::move(run));
  return runs;
}

/// True for the directory that nodes of this file use when none is chosen.
bool is_default_path(const std::string& path, const std::string& file) {
  const auto nameless =
      launcher::default_run_path(launcher::current_environment(), "", file);
  return path.ends_with(nameless.substr(nameless.rfind('/') + 1));
}

result<launcher::run_info> run_of_file(const std::string& file) {
  std::error_code code;
  const auto absolute = std::filesystem::weakly_canonical(file, code).string();
  auto runs = known_runs();
  const auto found =
      std::find_if(runs.begin(), runs.end(), [&](const auto& run) {
        return run.launched ? run.file == absolute
                            : is_default_path(run.path, absolute);
      });
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
    files.push_back(choosing_arguments(run));
  return fail(errc::invalid_argument,
              fmt::format("{} clusters run on this machine; name "
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
  const auto where = run.launched ? "of cluster " + run.cluster
                                  : "without a launcher in " + run.path;
  return fail(errc::not_found,
              fmt::format("no node \"{}\" {} on this machine{}", node, where,
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

std::string choosing_arguments(const launcher::run_info& run) {
  return choosing_arguments(run.file, has_default_path(run) ? "" : run.path);
}

std::string end_text(const launcher::run_info& run) {
  const auto which = choosing_arguments(run);
  const auto file = shell_word(run.file);
  return fmt::format(
      "cluster {} does not run: {}\nits logs: weft logs {}\nstart it with: "
      "weft up {}",
      run.cluster, end_reason(run.end.value_or(launcher::run_end{})), which,
      has_default_path(run) ? file : fmt::format("{} {}", file, which));
}

result<launcher::run_info> find_run(const cluster_choice& choice) {
  if (!choice.run_directory.empty())
    return run_in(choice.run_directory);
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
                fmt::format("node {} does not answer: {}; see: weft logs {} "
                            "--node {}",
                            *name, answer.error().message,
                            choosing_arguments(run), *name));
  return http::json_of(*answer);
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
