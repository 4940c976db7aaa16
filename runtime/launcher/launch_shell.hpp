#pragma once

#include "runtime/launcher/launch_core.hpp"
#include "runtime/launcher/launch_status.hpp"
#include "runtime/launcher/launcher.hpp"
#include "runtime/launcher/log_relay.hpp"
#include "runtime/launcher/process.hpp"
#include "runtime/launcher/rotating_file.hpp"
#include "runtime/launcher/supervisor_link.hpp"
#include "runtime/launcher/terminal_printer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::launcher {

/// Carries out the effects of a `launch_core` with real processes, files and
/// requests. Everything runs on the one thread that runs `context`, and every
/// process is spawned there, since the death signal of a child is bound to
/// the thread that made it.
class launch_shell {
public:
  struct callbacks {
    /// The phase may have changed.
    std::function<void(cluster_phase)> moved;
    /// No process is left; the last call.
    std::function<void(const outcome&)> finished;
  };

  /// `options` and the directory of `paths` outlive the shell.
  static result<std::unique_ptr<launch_shell>>
  open(boost::asio::io_context& context, const launch_options& options,
       const run_paths& paths, callbacks to);

  launch_shell(const launch_shell&) = delete;
  launch_shell& operator=(const launch_shell&) = delete;

  /// Passes an event to the core and carries out what follows.
  void handle(const std::function<void(launch_core&, time_point)>& event);

  /// A line for launcher.log alone.
  void note(std::string_view text);
  /// A line for people too.
  void tell(const progress& what);

  nlohmann::json status() const;
  nlohmann::json node_status(std::string_view node) const;

  /// The reason for people, with the last lines of the blamed node's log.
  std::string explain(const outcome& how) const;

private:
  struct node_files {
    std::unique_ptr<child_process> process;
    std::optional<log_relay> relay;
  };

  launch_shell(boost::asio::io_context& context, const launch_options& options,
               const run_paths& paths, callbacks to, rotating_file log);

  result<void> open_relays();
  void wait_for_signal();
  void perform(const spawn_node& what);
  void perform(const signal_node& what);
  void perform(const report_exit& what);
  void perform(const progress& what);
  void perform(const finished& what);
  command node_command(const std::string& node) const;
  void ended(const std::string& node, pid_t pid, exit_status status);
  void arm_timer();

  boost::asio::io_context& context_;
  const launch_options& options_;
  const run_paths& paths_;
  callbacks to_;
  launch_identity identity_;
  launch_core core_;
  rotating_file log_;
  terminal_printer printer_;
  std::map<std::string, node_files, std::less<>> nodes_;
  supervisor_link supervisor_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set signals_;
};

} // namespace weft::launcher
