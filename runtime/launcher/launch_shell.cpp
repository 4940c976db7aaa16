#include "runtime/launcher/launch_shell.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/draft_file.hpp"
#include "runtime/launcher/leftovers.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace weft::launcher {

namespace {

calendar calendar_now() {
  return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

void remove_files(std::initializer_list<std::string> paths) {
  std::error_code ignored;
  for (const auto& path : paths)
    std::filesystem::remove(path, ignored);
}

} // namespace

result<std::unique_ptr<launch_shell>>
launch_shell::open(boost::asio::io_context& context,
                   const launch_options& options, const run_paths& paths,
                   callbacks to) {
  auto log = rotating_file::open(paths.launcher_log(), options.log_bytes_max);
  if (!log)
    return pass_on(log);
  std::unique_ptr<launch_shell> made{new launch_shell{
      context, options, paths, std::move(to), std::move(*log)}};
  if (auto opened = made->open_relays(); !opened)
    return pass_on(opened);
  if (options.handle_signals) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
      made->signals_.add(number);
    made->wait_for_signal();
  }
  return made;
}

launch_shell::launch_shell(boost::asio::io_context& context,
                           const launch_options& options,
                           const run_paths& paths, callbacks to,
                           rotating_file log)
    : context_(context), options_(options), paths_(paths),
      to_(std::move(to)), identity_{options.cluster, options.file, paths.root(),
                                    ::getpid(),
                                    format_time(
                                        std::chrono::system_clock::now())},
      core_(options.cluster, options.nodes, options.limits),
      log_(std::move(log)), printer_(options.terminal_fd),
      supervisor_(context, paths.node_socket(options.nodes.front()),
                  [this](const std::string& text) {
                    tell({{}, text});
                  }),
      timer_(context), signals_(context) {}

result<void> launch_shell::open_relays() {
  std::size_t width = 0;
  for (const auto& node : options_.nodes)
    width = std::max(width, node.size());
  for (std::size_t i = 0; i < options_.nodes.size(); ++i) {
    const auto& node = options_.nodes[i];
    log_relay_options relay;
    relay.path = paths_.node_log(node);
    relay.file_bytes_max = options_.log_bytes_max;
    relay.prefix = line_prefix(node, i, width, options_.colour);
    if (options_.foreground_logs)
      relay.print = [this](std::string line) {
        printer_.print(std::move(line));
      };
    relay.troubled = [this, node](const failure& what) {
      tell({node, what.message});
    };
    auto opened = log_relay::open(std::move(relay));
    if (!opened)
      return pass_on(opened);
    nodes_[node].relay.emplace(std::move(*opened));
  }
  return {};
}

void launch_shell::wait_for_signal() {
  signals_.async_wait([this](const auto& error, int number) {
    if (error)
      return;
    note(fmt::format("got {}", to_string(exit_status{0, number})));
    wait_for_signal();
    handle([](launch_core& core, time_point now) { core.interrupt(now); });
  });
}

void launch_shell::handle(
    const std::function<void(launch_core&, time_point)>& event) {
  event(core_, std::chrono::steady_clock::now());
  // What an effect leads to at once, such as the pid of a spawn, is an event
  // too; its effects come after those that were there before.
  for (auto effects = core_.take_effects(); !effects.empty();
       effects = core_.take_effects())
    for (const auto& each : effects)
      std::visit([this](const auto& what) { perform(what); }, each);
  to_.moved(core_.phase());
  arm_timer();
}

void launch_shell::note(std::string_view text) {
  // A full disk must not stop the launcher, and there is nobody to tell.
  static_cast<void>(log_.write_line(fmt::format(
      "{} {}", format_time(std::chrono::system_clock::now()), text)));
}

void launch_shell::tell(const progress& what) {
  note(what.text);
  if (!options_.quiet)
    printer_.print(what.text);
  if (options_.observer)
    options_.observer(what);
}

nlohmann::json launch_shell::status() const {
  return status_json(identity_, core_.phase(), core_.nodes(), calendar_now());
}

nlohmann::json launch_shell::node_status(std::string_view node) const {
  const auto all = core_.nodes();
  const auto found = std::ranges::find(all, node, &node_view::name);
  WEFT_ASSERT(found != all.end());
  return node_json(*found, calendar_now());
}

std::string launch_shell::explain(const outcome& how) const {
  auto text = how.reason;
  const auto found = nodes_.find(how.node);
  if (found == nodes_.end())
    return text;
  const auto tail = found->second.relay->tail();
  const auto path = paths_.node_log(how.node);
  if (tail.empty())
    return fmt::format("{}\nit wrote nothing to its log {}", text, path);
  text += fmt::format("\nthe last lines of its log {}:", path);
  for (const auto& line : tail)
    text += fmt::format("\n  | {}", line);
  return text;
}

command launch_shell::node_command(const std::string& node) const {
  command made{
      options_.program,
      {"node", options_.file, "--name", node, "--run-dir", paths_.root()},
      options_.environment};
  for (const auto& setting : options_.overrides) {
    made.arguments.push_back("--set");
    made.arguments.push_back(setting);
  }
  made.environment.emplace_back(run_dir_variable, paths_.root());
  return made;
}

void launch_shell::perform(const spawn_node& what) {
  auto& files = nodes_.find(what.node)->second;
  auto spawned = child_process::spawn(
      context_, node_command(what.node),
      {[&files](std::string_view piece) { files.relay->output(piece); },
       [this, node = what.node](exit_status status) {
         // A copy: what follows may replace the process and this handler.
         const auto name = node;
         ended(name, nodes_.find(name)->second.process->pid(), status);
       }});
  const auto now = std::chrono::steady_clock::now();
  if (!spawned) {
    core_.spawn_failed(what.node, spawned.error().message, now);
    return;
  }
  files.process = std::move(*spawned);
  const auto pid = files.process->pid();
  note(fmt::format("{} is process {}", what.node, pid));
  if (auto written = write_atomically(paths_.node_pid(what.node),
                                      fmt::format("{}\n", pid));
      !written)
    tell({what.node, written.error().message});
  core_.spawned(what.node, pid, now);
}

void launch_shell::perform(const signal_node& what) {
  auto& process = nodes_.find(what.node)->second.process;
  WEFT_ASSERT(process != nullptr && process->pid() == what.pid);
  note(fmt::format("{} process {}: {}", what.node, what.pid,
                   what.kill ? "SIGKILL" : "SIGTERM"));
  process->signal(what.kill ? SIGKILL : SIGTERM);
}

void launch_shell::perform(const report_exit& what) {
  supervisor_.report(exited_request(what));
}

void launch_shell::perform(const progress& what) {
  tell(what);
}

void launch_shell::perform(const finished& what) {
  signals_.cancel();
  to_.finished(what.how);
}

void launch_shell::ended(const std::string& node, pid_t pid,
                         exit_status status) {
  note(fmt::format("{} process {} ended: {}", node, pid, to_string(status)));
  nodes_.find(node)->second.relay->process_ended();
  // Where it was to be found holds no longer; the next one says anew.
  remove_files({paths_.node_pid(node), paths_.node_socket(node),
                paths_.node_address(node)});
  handle([&](launch_core& core, time_point now) {
    core.exited(node, pid, status, now);
  });
}

void launch_shell::arm_timer() {
  timer_.cancel();
  const auto next = core_.next_deadline();
  if (!next || core_.phase() == cluster_phase::finished)
    return;
  timer_.expires_at(*next);
  timer_.async_wait([this](const auto& error) {
    if (!error)
      handle([](launch_core& core, time_point now) { core.tick(now); });
  });
}

} // namespace weft::launcher
