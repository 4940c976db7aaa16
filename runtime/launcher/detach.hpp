#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace weft::launcher {

/// The environment variable that tells a detached process which descriptor
/// its report goes to.
inline constexpr const char* report_variable = "WEFT_REPORT_FD";

struct detach_options {
  /// Absolute.
  std::string program;
  std::vector<std::string> arguments;
  /// For the report. When it passes the process is told to stop (SIGINT), and
  /// killed `stop_timeout` later.
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds stop_timeout{30'000};
  /// Gets the lines that the process reports before its outcome.
  std::function<void(std::string_view)> progress;
};

/// What a detached process said of its start.
struct detach_outcome {
  pid_t pid = 0;
  /// Success: it goes on in the background. Otherwise it has ended.
  result<void> start;
};

/// Runs a program in the background: in a session of its own, without a
/// terminal, standard input from /dev/null; and waits until it has reported
/// how its start went through a `start_report`. SIGINT, SIGTERM and SIGHUP
/// that come meanwhile are passed on to it as SIGINT, so that Ctrl-C stops
/// what has started. For a process that has no other thread.
///
/// Fails with `io` (cannot be started), `timed_out`, or `internal` when it
/// ends without a report; the message then has what it wrote to its standard
/// error, the last 4 KiB at most.
result<detach_outcome> detach(const detach_options& options);

/// The detached process's side.
class start_report {
public:
  /// The report of this process, if `detach` started it. To be called once,
  /// before threads start: it removes the variable from the environment.
  static std::optional<start_report> of_this_process();

  /// A line for whoever waits.
  void progress(std::string_view line);

  /// The outcome; success means that this process goes on. Ends the
  /// connection: standard output and error go to /dev/null from here on.
  void finish(const result<void>& start);

private:
  explicit start_report(unique_fd to) : to_(std::move(to)) {}

  void send(const std::string& line);

  unique_fd to_;
};

} // namespace weft::launcher
