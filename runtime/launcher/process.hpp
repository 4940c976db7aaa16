#pragma once

#include "runtime/base/result.hpp"
#include "runtime/launcher/exit_status.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace weft::launcher {

struct command {
  /// Path of the program; not searched for in PATH.
  std::string program;
  /// Without the program's own name.
  std::vector<std::string> arguments;
  /// Set on top of the environment of this process.
  std::vector<std::pair<std::string, std::string>> environment;
};

/// A child process and all that it leaves: it leads a process group of its
/// own, reads from /dev/null, writes standard output and error into one pipe
/// that is read here, inherits no other descriptor, and gets SIGTERM when the
/// thread that spawned it ends, however it ends. When it ends, what is left of
/// its group is killed, the rest of its output read and it is waited for.
///
/// All members and handlers are for the one thread that runs the context. The
/// handlers may destroy the object.
class child_process {
public:
  struct handlers {
    /// Output as it comes, in pieces of at most 64 KiB.
    std::function<void(std::string_view)> output;
    /// Called once, after the last output.
    std::function<void(exit_status)> exited;
  };

  /// Fails with `io` when the system refuses (the message says at which step:
  /// pipe, fork or exec of the program); then nothing is left.
  static result<std::unique_ptr<child_process>>
  spawn(boost::asio::io_context& context, const command& what, handlers to);

  /// Kills the group if the process still runs, and waits for it.
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// The process, and the group that it leads.
  pid_t pid() const noexcept;

  /// Signals the whole group; without effect once it has ended.
  void signal(int number) noexcept;

private:
  class implementation;

  explicit child_process(std::shared_ptr<implementation> implementation);

  std::shared_ptr<implementation> implementation_;
};

} // namespace weft::launcher
