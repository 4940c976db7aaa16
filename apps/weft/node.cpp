#include "runtime/node/node.hpp"

#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "apps/weft/signals.hpp"
#include "runtime/base/text.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "runtime/node/log_setup.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stop_token>

namespace weft::apps {

namespace {

struct node_choice {
  std::string name;
  std::string run_directory;
};

result<void> check_name(const config::cluster_options& cluster,
                        const std::string& name) {
  std::vector<std::string> names;
  for (const auto& node : cluster.nodes)
    names.push_back(node.name);
  if (std::ranges::count(names, name) > 0)
    return {};
  const auto nearest = nearest_spelling(name, names);
  return fail(errc::invalid_argument,
              fmt::format("the cluster has no node \"{}\", but: {}{}", name,
                          fmt::join(names, ", "),
                          nearest ? "; did you mean " + *nearest + "?" : ""));
}

/// The run directory as given, or the default one of the file, made if it is
/// not there, since a node may run without a launcher. Others could have made
/// it first, to read our keys or to lead peers to their own ports.
result<std::string> prepare_directory(const std::string& chosen,
                                      const std::string& cluster,
                                      const std::string& file) {
  namespace fs = std::filesystem;
  auto path =
      chosen.empty()
          ? launcher::default_run_path(launcher::current_environment(), cluster,
                                       fs::weakly_canonical(file).string())
          : fs::absolute(chosen).lexically_normal().string();
  if (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  if (auto ours = launcher::own_run_directory(path); !ours)
    return pass_on(ours);
  return path;
}

/// From the node's start to its end, which a signal brings about in good order
/// at any time.
result<void> live(node_settings settings, end_signals& signals) {
  std::stop_source ordered;
  std::string signal;
  signals.on_first([&](const std::string& name) {
    signal = name;
    ordered.request_stop();
  });
  auto started = node::start(std::move(settings), ordered.get_token());
  if (!started) {
    signals.stop();
    if (ordered.stop_requested() && started.error().code == errc::cancelled)
      return {};
    return pass_on(started);
  }
  const std::stop_callback stop{ordered.get_token(),
                                [&] { (*started)->stop("it got " + signal); }};
  auto ended = (*started)->wait();
  signals.stop();
  return ended;
}

int run_node(const cluster_file& file, const node_choice& choice) {
  auto cluster = open_cluster_file(file, checks::file_alone);
  if (!cluster)
    return report_mistakes(cluster.error(), false);
  if (auto known = check_name(*cluster, choice.name); !known)
    return report(known.error(), false);
  auto directory =
      prepare_directory(choice.run_directory, cluster->cluster, file.path);
  if (!directory)
    return report(directory.error(), false);
  // Before any thread, so that all of them leave the signals to this one; the
  // log has one.
  end_signals signals;
  if (auto logging = observe::configure_logging(
          log_settings_of(cluster->log, choice.name));
      !logging)
    return report(logging.error(), false);
  int exit = success;
  if (const auto ended = live(
          {*std::move(cluster), choice.name, *std::move(directory)}, signals);
      !ended)
    exit = report_work(ended.error(), false);
  if (!node::left_running())
    return exit;
  std::fflush(nullptr);
  std::quick_exit(exit);
}

} // namespace

void add_node(CLI::App& app, int& exit) {
  auto* command =
      app.add_subcommand("node", "Run one node of a cluster in the foreground");
  auto file = add_cluster_file(*command);
  auto choice = std::make_shared<node_choice>();
  command->add_option("--name", choice->name, "Which node of the file")
      ->required();
  command->add_option("--run-dir", choice->run_directory,
                      "The cluster's run directory: control socket, "
                      "addresses, certificates");
  command->footer("Example: weft node cluster.yaml --name n2");
  run_when_chosen(*command, exit,
                  [file, choice] { return run_node(*file, *choice); });
}

} // namespace weft::apps
